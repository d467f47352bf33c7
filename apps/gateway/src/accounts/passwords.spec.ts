import { hashPassword, verifyPassword } from './passwords';

it('knows the password again, and no other', async () => {
  const hash = await hashPassword('pässword');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword('pässword', hash)).toBe(true);
  expect(await verifyPassword('pa\u0308ssword', hash)).toBe(true); // the same text, typed on another keyboard
  expect(await verifyPassword('password', hash)).toBe(false);
});

it('salts', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

it.each(['', 'plain', '$argon2id$v=19$m=8,t=1,p=1$$', '$2b$10$abc'])(
  'lets nobody in by an unreadable hash: %s',
  async (hash) => {
    expect(await verifyPassword('', hash)).toBe(false);
  },
);
