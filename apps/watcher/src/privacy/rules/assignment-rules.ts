import { hasTokenRun, inAnyCase, patternRule, type Rule } from './rule';
import { entropyOf, isName, isReference } from './references';

/** Between a name and its value: quotes and brackets that close, an operator, maybe a type before it. */
const assigned = `[\\s"'\`\\])]{0,16}(?::\\s{0,2}[A-Za-z<>|]{1,24}\\s{0,2}=|=>|:=|={1,3}|:)\\s{0,16}`;
const passwordNames = '(?:passw(?:or)?d|passphrase|pass|pwd)[A-Za-z0-9_]{0,20}';
const keyNames =
  '(?:(?:api|access|private|signing|encryption|master|account|shared|auth|service|client)[_. -]?key(?:[_-]?[A-Za-z0-9]{1,12})?' +
  '|secret[A-Za-z0-9_-]{0,24}|token(?:_[A-Za-z0-9_]{1,20})?(?![A-Za-z]))';
const passwordValue = `(?<quote>["'\`])?(?<secret>[^\\s"'\`,;<>()|&]{6,200})`;
const keyValue = `(?<quote>["'\`])?(?<secret>[A-Za-z0-9+/=_.~:!@#$%^*-]{12,512})`;

const keyAnchors = inAnyCase(
  ...['api_key', 'apikey', 'api-key', 'api key', 'access_key', 'accesskey', 'access-key', 'private_key'],
  ...[
    'privatekey',
    'signing_key',
    'signingkey',
    'encryption_key',
    'encryptionkey',
    'master_key',
    'account_key',
  ],
  ...['accountkey', 'shared_key', 'auth_key', 'authkey', 'service_key', 'client_key', 'secret', 'token'],
);
const passwordAnchors = inAnyCase(
  ...['passw', 'passphrase', 'pass=', 'pass:', 'pass"', 'pwd=', 'pwd:', 'pwd"', 'pwd\\'],
);

/** What programs and people write: `DB_PASSWORD="…"`, `api_key: …`, `"token":"…"`, `--password …`. */
export const assignmentRules: readonly Rule[] = [
  patternRule({
    name: 'assignment',
    anchors: passwordAnchors,
    pattern: new RegExp(`${passwordNames}${assigned}${passwordValue}`, 'i'),
    mayMatch: isAssigned,
    accepts: isPassword,
  }),
  patternRule({
    name: 'assignment',
    anchors: keyAnchors,
    pattern: new RegExp(`${keyNames}${assigned}${keyValue}`, 'i'),
    reach: 640,
    mayMatch: isAssigned,
    accepts: isKey,
  }),
  patternRule({
    name: 'assignment',
    anchors: inAnyCase('--pass', '--token', '--api-key', '--apikey', '--secret', '--auth-token'),
    pattern: new RegExp(`--(?:pass|token|api-?key|secret|auth-token)[\\w-]{0,24}\\s{1,4}${keyValue}`, 'i'),
    reach: 640,
    accepts: isKey,
  }),
  patternRule({
    name: 'assignment',
    anchors: inAnyCase('--pass'),
    pattern: new RegExp(`--pass[\\w-]{0,12}\\s{1,4}${passwordValue}`, 'i'),
    accepts: isPassword,
  }),
  patternRule({
    name: 'authorization',
    anchors: inAnyCase('bearer '),
    pattern: /bearer\s{1,4}(?<secret>[A-Za-z0-9._~+/-]{16,2048}={0,2})/i,
    reach: 2100,
    mayMatch: isBeforeToken,
    accepts: (secret) => isRandom(secret),
  }),
  patternRule({
    name: 'authorization',
    anchors: inAnyCase('authorization'),
    pattern:
      /authorization["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]?(?:basic|token|digest)\s{1,4}(?<secret>[A-Za-z0-9._~+/-]{8,512}={0,2})/i,
    reach: 640,
    accepts: (secret) => !isReference(secret) && /\d|[a-z][A-Z]/.test(secret),
  }),
];

/** Whether an operator follows the name that begins here; quick, because such names are everywhere. */
function isAssigned(bytes: Uint8Array, at: number, end: number): boolean {
  const stop = Math.min(end, at + 64);
  let i = at;
  while (i < stop && isNameByte(bytes[i])) i++;
  // `input_tokens`, `tokenizer`: met in every record, and no name of a secret.
  if (isToken(bytes, at) && isLetter(bytes[at + 5])) return false;
  for (const last = Math.min(stop, i + 20); i < last; i++) {
    const byte = bytes[i];
    if (byte === 0x3a || byte === 0x3d) return true;
    if (isNameByte(byte)) return false;
  }
  return false;
}

function isBeforeToken(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at + 'bearer '.length;
  while (i < at + 10 && bytes[i] === 0x20) i++;
  return hasTokenRun(bytes, i, end, 16);
}

function isToken(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) | 0x20) === 0x74 && ((bytes[at + 4] ?? 0) | 0x20) === 0x6e;
}

function isLetter(byte = 0): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Letters, digits, and what joins them in names. */
function isNameByte(byte = 0): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === 0x2d;
}

function isPassword(secret: string, match: RegExpExecArray): boolean {
  if (isReference(secret) || isCall(secret, match) || isPath(secret)) return false;
  const isQuoted = match.groups?.['quote'] !== undefined;
  if (/^\d+$/.test(secret)) return isQuoted;
  return (isQuoted || !isCode(secret)) && !isWord(secret) && entropyOf(secret) >= 2.25;
}

function isCode(secret: string): boolean {
  return member.test(secret) || secret.startsWith('!');
}

/** Letters alone, or none. */
function isWord(secret: string): boolean {
  return !/[A-Za-z]/.test(secret) || !/[\d!@#$%^*+~?=]/.test(secret);
}

function isKey(secret: string, match: RegExpExecArray): boolean {
  const isQuoted = match.groups?.['quote'] !== undefined;
  if (isCall(secret, match) || (!isQuoted && variable.test(secret))) return false;
  return isRandom(secret);
}

function isRandom(secret: string): boolean {
  if (isReference(secret) || isName(secret)) return false;
  return /\d/.test(secret) && /[A-Za-z]/.test(secret) && entropyOf(secret) >= 3;
}

/** `config.db.password`, `result?.password` */
const member = /^[A-Za-z_$][\w$]*(?:(?:\??\.|->|::)[A-Za-z_$][\w$]*)+$/;
/** The same, and a variable by itself: its name ends in a small number at most. */
const variable = /^[A-Za-z_$]+\d{0,2}(?:\$\d+)?(?:\??\.[A-Za-z_$]+\d{0,2})*$/;

function isPath(secret: string): boolean {
  return /^(?:[/~]|\.{1,2}\/)|:\/\//.test(secret);
}

/** `getToken(…`, `schema.string(…`: code that gives the value. */
function isCall(secret: string, match: RegExpExecArray): boolean {
  const behind = match.index + match[0].length;
  return match.input[behind] === '(' || match.input[behind] === '[';
}
