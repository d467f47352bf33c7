import { tokenScopes } from '@telltale/contracts';
import { allows, grantedTo, scopesOf } from './scopes';

it('admin implies all, the others only themselves', () => {
  const table = tokenScopes.map((held) => tokenScopes.filter((needed) => allows({ scopes: [held] }, needed)));
  expect(table).toEqual([['read'], ['push'], ['read', 'push', 'admin']]);
});

it('viewers look on, administrators do everything', () => {
  expect(scopesOf('viewer')).toEqual(['read']);
  expect(scopesOf('admin')).toEqual(['read', 'push', 'admin']);
});

it('a token can do no more than its maker can', () => {
  expect(grantedTo('admin', ['push'])).toEqual(['push']);
  expect(grantedTo('viewer', ['push'])).toEqual([]);
  expect(grantedTo('viewer', ['admin'])).toEqual(['read']);
  expect(grantedTo('viewer', ['read', 'push'])).toEqual(['read']);
});
