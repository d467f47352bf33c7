import { requireUsable } from './password-rules';

it.each([
  ['administrator', 'administrator'],
  ['ADMINISTRATOR', 'administrator'],
  ['admin admin admin', 'admin'],
  ['adminadminadmin', 'admin'],
  ['aaaaaaaaaaaaaaaa', 'ada'],
  ['abababababababab', 'ada'],
  ['            ', 'ada'],
])('%s is no password of %s', (password, username) => {
  expect(() => requireUsable(password, username, 'new')).toThrow();
});

it.each([
  ['correct horse battery staple', 'admin'],
  ['admin has a cat', 'admin'],
  ['пароль, который я помню', 'ada'],
])('%s may be a password of %s', (password, username) => {
  expect(() => requireUsable(password, username, 'new')).not.toThrow();
});
