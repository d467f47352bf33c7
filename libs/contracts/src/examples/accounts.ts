import type { ApiToken, CreatedApiToken } from '../rest/api-tokens';
import type { AuditEntry } from '../rest/audit';
import type { LoginResponse } from '../rest/auth';
import type { Account, SignInLink } from '../rest/users';

export const exampleLogin = { username: 'ada', password: 'correct horse battery staple' };

export const exampleLoginResponse: LoginResponse = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…',
  expiresAt: '2026-06-08T10:00:00.000Z',
  user: { username: 'ada', role: 'admin' },
};

export const exampleSignIn = { token: 'Zk9…of-the-link…x3A' };

export const examplePasswordChange = {
  current: 'correct horse battery staple',
  new: 'four quite other words',
};

export const exampleAccount: Account = {
  username: 'ada',
  role: 'viewer',
  disabled: false,
  createdAt: '2026-06-01T10:00:00.000Z',
  lastSignInAt: '2026-06-01T10:42:11.512Z',
};

export const exampleAccountToMake = { username: 'ada', role: 'viewer' as const };

export const exampleAccountChange = { role: 'admin' as const, disabled: false };

export const exampleSignInLink: SignInLink = {
  link: 'https://telltale.example.org/sign-in#token=Zk9…x3A',
  expiresAt: '2026-06-01T11:42:11.512Z',
};

export const exampleApiToken: ApiToken = {
  id: '3f1c9e0b7a5d2468',
  name: 'support chat',
  scopes: ['push'],
  username: 'ada',
  madeBy: null,
  createdAt: '2026-06-01T10:00:00.000Z',
  expiresAt: null,
  lastUsedAt: '2026-06-01T10:42:00.000Z',
};

export const exampleApiTokenToMake = { name: 'support chat', scopes: ['push' as const] };

export const exampleCreatedApiToken: CreatedApiToken = {
  ...exampleApiToken,
  lastUsedAt: null,
  token: 'tt_3f1c9e0b7a5d2468_…',
};

export const exampleAuditEntry: AuditEntry = {
  id: '1042',
  at: '2026-06-01T10:42:11.512Z',
  username: 'ada',
  tokenId: null,
  address: '192.0.2.7',
  action: 'user.changed',
  target: 'kim',
  outcome: 'ok',
  status: 200,
  details: { role: 'admin' },
};
