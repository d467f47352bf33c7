import { createApiTokenRequestSchema } from './api-tokens';

it('takes scopes in any order, each once', () => {
  const read = createApiTokenRequestSchema.parse({ name: ' chat ', scopes: ['push', 'read', 'push'] });
  expect(read).toEqual({ name: 'chat', scopes: ['read', 'push'], expiresAt: null });
});

it.each([
  { name: '', scopes: ['read'] },
  { name: 'x', scopes: [] },
  { name: 'x', scopes: ['write'] },
  { name: 'x', scopes: ['read'], expiresAt: 'tomorrow' },
  { name: 'x', scopes: ['read'], token: 'mine' },
])('refuses %j', (request) => {
  expect(createApiTokenRequestSchema.safeParse(request).success).toBe(false);
});
