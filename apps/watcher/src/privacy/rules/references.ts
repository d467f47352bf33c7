const references = [
  /^(?:\$|%[A-Z_(s]|[{<[]|#\{|\.{2,}|process\.|os\.|env[.[(]|ENV\[|System\.|secrets?\.|vault:|op:\/\/|ref\+)/,
  /^(.)\1*$/,
  /redacted|\*{3}|x{6}/i,
];

/** A value that only says where a secret comes from: a variable, a template, a placeholder, or a mask. */
export function isReference(value: string): boolean {
  return references.some((pattern) => pattern.test(value));
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const date = /^\d{4}-\d\d-\d\d/;
const path = /^(?:[/~]|\.{1,2}\/|[A-Za-z]:)|:\/\//;
/** `app.kubernetes.io/name`, `my-app-secret-v2`: words, with a small number at most. */
const words = /^[a-z]{1,16}\d{0,3}(?:[/_.:-]{1,2}(?:[a-z]{1,16}\d{0,3}|\d{1,3}))*$/i;
const camelCase = /^[a-z$]+(?:[A-Z][a-z]+|\d{1,2}|_)*$/;

/** A value that names something: an id, a time, a path, a word. Those are never masked. */
export function isName(value: string): boolean {
  return [uuid, date, path, words, camelCase].some((pattern) => pattern.test(value));
}

/** Bits a character, by how often each stands in the value. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
