import { apiTokenId, hashApiToken, isApiToken, mintApiToken } from './api-token-text';

it('is told from other tokens by its form, and carries its id', () => {
  const { id, token } = mintApiToken();
  expect(apiTokenId(token)).toBe(id);
  for (const other of ['', 'tt_', token.slice(0, -1), `${token}x`, `x${token}`, token.toUpperCase()])
    expect(apiTokenId(other)).toBeUndefined();
});

it('is proved by its hash, which does not hold it', () => {
  const { token } = mintApiToken();
  const hash = hashApiToken(token);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(isApiToken(token, hash)).toBe(true);
  expect(isApiToken(mintApiToken().token, hash)).toBe(false);
  expect(isApiToken(token, 'not a hash')).toBe(false);
});

it('is another each time', () => {
  expect(new Set(Array.from({ length: 50 }, () => mintApiToken().token)).size).toBe(50);
});
