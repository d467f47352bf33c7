import { hash } from 'node:crypto';
import * as fc from 'fast-check';

/** A secret as it may stand in a text: what of it must not leave the host, and the rule that has to find it. */
export interface Planted {
  readonly rule: string;
  readonly text: string;
  readonly secret: string;
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digit = '0123456789';
const hex = `${digit}abcdef`;
const alnum = upper + lower + digit;

/** So much of an alphabet by chance, also where a failing case is made simpler. */
function run(alphabet: string, length: number): fc.Arbitrary<string> {
  return fc.nat().map((seed) => {
    let text = '';
    for (let block = 0; text.length < length; block++)
      for (const byte of hash('sha256', `${seed} ${block}`, 'buffer'))
        text += alphabet[byte % alphabet.length] ?? '';
    return text.slice(0, length);
  });
}

/** Letters of both cases and digits, never a word. */
function random(length: number): fc.Arbitrary<string> {
  return fc
    .tuple(run(alnum, length - 6), run(digit, 2), run(lower, 2), run(upper, 2))
    .map(([body, ...rest]) => rest.join('') + body);
}

function token(rule: string, prefix: string, body: fc.Arbitrary<string>): fc.Arbitrary<Planted> {
  return body.map((text) => ({ rule, text: prefix + text, secret: prefix + text }));
}

function within(
  rule: string,
  before: string,
  secret: fc.Arbitrary<string>,
  behind = '',
): fc.Arbitrary<Planted> {
  return secret.map((text) => ({ rule, text: before + text + behind, secret: text }));
}

const pemLine = run(`${alnum}+/`, 64);
const pem = (name: string) =>
  fc.array(pemLine, { minLength: 3, maxLength: 30 }).map((lines) => {
    const text = `-----BEGIN ${name}-----\n${lines.join('\n')}\n-----END ${name}-----`;
    return { rule: 'private-key', text, secret: lines.join('\n') };
  });

/** Every kind of secret that the rules know, by its name, made up. */
export const planted: Readonly<Record<string, fc.Arbitrary<Planted>>> = {
  'aws access key': token('aws', 'AKIA', run(`${upper}234567`, 16)),
  'aws session key': token('aws', 'ASIA', run(`${upper}234567`, 16)),
  'aws secret key': within('assignment', 'aws_secret_access_key = ', random(40)),
  'gcp key': token('gcp', 'AIza', random(35)),
  'gcp oauth secret': token('gcp', 'GOCSPX-', random(28)),
  'gcp access token': token('gcp', 'ya29.', random(80)),
  'azure storage key': within(
    'azure',
    'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=',
    random(86),
    '==',
  ),
  'azure service bus key': within('azure', 'SharedAccessKeyName=all;SharedAccessKey=', random(43), '='),
  'azure client secret': fc
    .tuple(run(alnum, 3), run(digit, 1), run(alnum, 34))
    .map(([a, b, c]) => ({ rule: 'azure', text: `${a}${b}Q~${c}`, secret: `${a}${b}Q~${c}` })),
  'azure signature': within('azure', 'https://shop.blob.core.windows.net/x?sv=2024&sig=', random(44), '%3D'),
  'github token': token('github', 'ghp_', random(36)),
  'github server token': token('github', 'ghs_', random(36)),
  'github fine grained token': token('github', 'github_pat_', random(82)),
  'gitlab token': token('gitlab', 'glpat-', random(20)),
  'gitlab runner token': token('gitlab', 'glrt-', random(20)),
  'slack bot token': fc
    .tuple(run('123456789', 11), run('123456789', 11), random(24))
    .map(([a, b, c]) => ({ rule: 'slack', text: `xoxb-${a}-${b}-${c}`, secret: `xoxb-${a}-${b}-${c}` })),
  'slack webhook': fc
    .tuple(run(upper, 8), run(upper, 8), random(24))
    .map(([a, b, c]) => `https://hooks.slack.com/services/T${a}/B${b}/${c}`)
    .map((text) => ({ rule: 'slack', text, secret: text })),
  'stripe key': token('stripe', 'sk_live_', random(24)),
  'stripe restricted key': token('stripe', 'rk_live_', random(99)),
  'stripe webhook secret': token('stripe', 'whsec_', random(32)),
  'openai project key': fc
    .tuple(random(74), random(74))
    .map(([a, b]) => `sk-proj-${a}T3BlbkFJ${b}`)
    .map((text) => ({ rule: 'openai', text, secret: text })),
  'openai old key': fc
    .tuple(random(20), random(20))
    .map(([a, b]) => `sk-${a}T3BlbkFJ${b}`)
    .map((text) => ({ rule: 'openai', text, secret: text })),
  'openai key of its first form': token('openai', 'sk-', random(48)),
  'anthropic key': token(
    'anthropic',
    'sk-ant-api03-',
    random(93).map((text) => `${text}AA`),
  ),
  'anthropic oauth token': token('anthropic', 'sk-ant-oat01-', random(60)),
  'openrouter key': token('openrouter', 'sk-or-v1-', run(hex, 64)),
  'npm token': token('npm', 'npm_', random(36)),
  'npm registry token': within('npm', '//npm.example.org/:_authToken=', random(30)),
  'hugging face token': token('huggingface', 'hf_', run(lower + upper, 34)),
  'sendgrid key': fc
    .tuple(random(22), random(43))
    .map(([a, b]) => ({ rule: 'sendgrid', text: `SG.${a}.${b}`, secret: `SG.${a}.${b}` })),
  'vault token': token('vault', 'hvs.', random(95)),
  'databricks token': token('databricks', 'dapi', run(hex, 32)),
  'docker token': token('docker', 'dckr_pat_', random(27)),
  'pypi token': token('pypi', 'pypi-AgEIcHlwaS5vcmc', random(60)),
  'digitalocean token': token('digitalocean', 'dop_v1_', run(hex, 64)),
  'rsa key': pem('RSA PRIVATE KEY'),
  'openssh key': pem('OPENSSH PRIVATE KEY'),
  'pkcs8 key': pem('PRIVATE KEY'),
  'pgp key': pem('PGP PRIVATE KEY BLOCK'),
  jwt: fc
    .tuple(random(40), random(43))
    .map(([payload, signature]) => `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ${payload}.${signature}`)
    .map((text) => ({ rule: 'jwt', text, secret: text })),
  'postgres password': within(
    'connection-string',
    'postgres://shop:',
    random(16),
    '@db.example.org:5432/shop',
  ),
  'mongodb password': within(
    'connection-string',
    'mongodb+srv://shop:',
    random(12),
    '@cluster0.example.net/shop',
  ),
  'redis password': within('connection-string', 'redis://:', random(24), '@cache:6379/0'),
  'basic auth in a url': within('connection-string', 'https://bot:', random(20), '@git.example.org/shop.git'),
  'password in the environment': within('assignment', 'DB_PASSWORD=', random(14)),
  'password in yaml': within('assignment', 'password: "', random(14), '"'),
  'password in code': within('assignment', "const password = '", random(14), "';"),
  'password option': within('assignment', 'mysql --password ', random(14)),
  'api key in a header': within('assignment', 'X-Api-Key: ', random(32)),
  'api key in json': within('assignment', '{"api_key": "', random(32), '"}'),
  'token in json': within('assignment', '{"access_token":"', random(32), '"}'),
  'client secret': within('assignment', 'client_secret=', random(32)),
  'bearer token': within('authorization', 'Authorization: Bearer ', random(40)),
  'basic authorization': within('authorization', 'Authorization: Basic ', random(24)),
};

export const anyPlanted: fc.Arbitrary<Planted> = fc.oneof(...Object.values(planted));
