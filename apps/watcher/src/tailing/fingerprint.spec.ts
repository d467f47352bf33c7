import { fingerprint, formatIdentity, identityMatches, parseIdentity } from './fingerprint';

const first = Buffer.from('{"type":"summary"}\n');
const identity = { device: 2049, inode: 77, hash: fingerprint(first), bytes: first.length };

test('an identity survives its way through a header', () => {
  expect(parseIdentity(formatIdentity(identity))).toEqual(identity);
  for (const text of [undefined, '', '1:2', '1:2:xyz:4', '1:2:abc:-4'])
    expect(parseIdentity(text)).toBeUndefined();
});

test('it is the same file with the same inode and first bytes, also when it has grown', () => {
  expect(identityMatches(identity, 77, Buffer.concat([first, Buffer.from('more\n')]))).toBe(true);
});

test('another inode, other first bytes or fewer of them are another file', () => {
  expect(identityMatches(identity, 78, first)).toBe(false);
  expect(identityMatches(identity, 77, Buffer.from('{"type":"another"}\n'))).toBe(false);
  expect(identityMatches(identity, 77, first.subarray(1))).toBe(false);
});
