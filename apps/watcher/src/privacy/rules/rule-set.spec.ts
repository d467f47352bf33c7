import * as fc from 'fast-check';
import { SecretSearch } from '../secrets/secret-search';
import { planted } from '../testing/planted';
import { longestReach } from './rule';
import { secretRules } from './rule-set';
import { replacedPatterns, secretlintRules, unusedPatterns } from './secretlint-rules';

const search = new SecretSearch(secretRules);

/** What is masked of a text as it stands in a JSON string, nested so many times. */
function masked(text: string, depth = 1): { readonly left: string; readonly rules: readonly string[] } {
  let written = text;
  for (let i = 0; i < depth; i++) written = JSON.stringify(written);
  const bytes = Buffer.from(written);
  const { secrets } = search.find(bytes);
  for (const { from, to } of secrets) bytes.fill('*', from, to);
  return { left: bytes.toString(), rules: [...new Set(secrets.map(({ rule }) => rule))] };
}

describe('a secret is found', () => {
  const surroundings = fc.constantFrom(
    ['', ''],
    ['\n', '\n'],
    ['The key is ', ' and nothing else.'],
    ['export KEY="', '"'],
    ["key: '", "',"],
    ['\t- ', '\r\n'],
    ['\u001b[32m', '\u001b[0m'],
    ['Schlüssel „', '“'],
    ['秘密は', 'です'],
    ['**', '**'],
    ['`', '`'],
    ['(', ')'],
    ['a=1&key=', '&b=2'],
  );

  test.each(Object.entries(planted))('%s', (_name, arbitrary) => {
    fc.assert(
      fc.property(
        arbitrary,
        surroundings,
        fc.integer({ min: 1, max: 3 }),
        (one, [before = '', behind = ''], depth) => {
          const { left, rules } = masked(before + one.text + behind, depth);
          expect(rules).toContain(one.rule);
          for (const line of one.secret.split('\n')) expect(left).not.toContain(line);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a private key that is cut off, and one in the lines of a program', () => {
    const line = 'MIIEpAIBAAKCAQEA7bq98vG5kZtH2Yx0fWnq3sLd8cVb1mPzR4tUjK6eXaQoN9hT';
    expect(masked(`-----BEGIN RSA PRIVATE KEY-----\n${line}\n${line}`).left).not.toContain(line.slice(0, 8));
    const code = `"-----BEGIN PRIVATE KEY-----\\n" +\n  "${line}\\n" +\n  "-----END PRIVATE KEY-----"`;
    expect(masked(code).left).not.toContain(line.slice(0, 8));
  });
});

describe('no secret is found', () => {
  test.each([
    'password: string;',
    'password = getPassword()',
    'password: process.env.DB_PASSWORD',
    'DB_PASSWORD=$POSTGRES_PASSWORD',
    'password=${{ secrets.DB_PASSWORD }}',
    'password: "<your password>"',
    'password: ********',
    'const token = await client.createToken(user.id)',
    'token: "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
    '"input_tokens":123456,"output_tokens":789012',
    'the tokenizer: "gpt2-medium-tokenizer-v2"',
    'secret: my-app-secret-v2',
    'secretName: app.kubernetes.io/my-secret-1',
    'secretKeyRef: { name: db-credentials-2, key: password }',
    'PWD=/home/me/work/project-2026',
    'postgres://$USER:$PASSWORD@localhost/db',
    'postgres://user:<password>@localhost/db',
    'deps: [{ token: i0.ElementRef }, { token: i0.ChangeDetectorRef }]',
    'type ClosingBracketToken = ClosingBracketToken$1;',
    'const password = result.groups?.password1',
    '//# sourceMappingURL=en-SG.js.map',
    'git@github.com:acme/shop.git',
    'https://example.org/a:b/@scope/package',
    'npm install @nestjs/common@12.1.1',
    'A key begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.',
    'commit da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'sk-learn and sk-button-primary-outline',
    'toolu_01EwspVzeHSUpuWF279DNRgo msg_018BxGcEJydXcAbAoKCyhU9Y req_011CXL6axY8b5bU9ukgdFVdo',
    'EuECCkYICxgCKkBLKi+sMq7jmeKC6s0u4Sn06pX9Er4ECkYICxgCKkAeOga9GQwGcNgyTvBMsSkNGHH1',
  ])('in %s', (text) => {
    expect(masked(text).rules).toEqual([]);
  });

  test('in ids and hashes, and hardly ever in what is random', () => {
    const ids = fc.oneof(
      fc.uuid(),
      fc
        .array(fc.constantFrom(...'0123456789abcdef'.split('')), { minLength: 32, maxLength: 64 })
        .map((digits) => digits.join('')),
      fc
        .array(fc.constantFrom('toolu_01', 'msg_01', 'req_011C', 'ses_3', 'call_'), {
          minLength: 1,
          maxLength: 1,
        })
        .map(String),
    );
    fc.assert(
      fc.property(fc.array(ids), (all) => expect(masked(all.join(' ')).rules).toEqual([])),
      { numRuns: 300 },
    );
  });
});

describe('the table of secretlint', () => {
  test('is used wholly: a new pattern wants an anchor', () => {
    expect(unusedPatterns).toEqual([]);
    expect(secretlintRules.length + Object.keys(replacedPatterns).length).toBeGreaterThan(30);
  });

  test('no rule looks further than masking does', () => {
    for (const { before, reach } of secretRules) {
      expect(before).toBeLessThanOrEqual(longestReach);
      expect(reach).toBeLessThanOrEqual(longestReach);
    }
  });
});
