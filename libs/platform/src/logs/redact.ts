/** Names of fields whose value is never logged. `tokens` (counts) is not one of them. */
const secretField = /(?:password|secret|credential|authorization|cookie|api[-_]?key|token)$/i;

/** User and password in a URL, one-time and access tokens, signed tokens, and API tokens, are masked wherever they turn up in a text. */
export function redactText(text: string): string {
  return text
    .replace(/(\/\/[^\s:@/]*):[^\s@/]+@/g, '$1:***@')
    .replace(/\b((?:access_)?token=)[^\s&"']+/gi, '$1***')
    .replace(/\b(tt_[0-9a-f]{16}_)[A-Za-z0-9_-]+/g, '$1***')
    .replace(/\b(eyJ[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '$1.***');
}

/** A copy of any value that is safe to log: secrets masked, errors as plain objects, depth and length bounded. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value.length > 8192 ? `${value.slice(0, 8192)}…` : value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return depth > 5 ? '…' : redactObject(value, depth);
}

function redactObject(value: object, depth: number): unknown {
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretField.test(key) && item != null ? '***' : redact(item, depth + 1),
    ]),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    message: redactText(error.message),
    ...('code' in error ? { code: error.code } : {}),
    ...(error.stack ? { stack: redactText(error.stack.split('\n').slice(1, 9).join('\n')) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
