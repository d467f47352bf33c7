import { queryToken } from './token-in-query';

it.each<[string, string | undefined]>([
  ['/api/sessions/watch', undefined],
  ['/api/sessions/watch?', undefined],
  ['/api/sessions/watch?x=1', undefined],
  ['/api/sessions/watch?access_token=a.b-c_d', 'a.b-c_d'],
  ['/api/sessions/watch?x=1&access_token=a%2Bb', 'a+b'],
  ['/api/sessions/watch?access_token=', ''],
  ['/api/sessions/watch?access_token=a&access_token=b', ''],
])('the token in %s is %s', (url, token) => {
  expect(queryToken(url)).toBe(token);
});
