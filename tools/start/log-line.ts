import { visibleLine } from '@telltale/domain';
import { z } from 'zod';
import type { Stream } from './node-program';

const recordSchema = z.looseObject({ level: z.string(), msg: z.string() });
/** Known to whoever reads the line, or too long for it. */
const leftOut = new Set(['level', 'time', 'service', 'msg', 'context', 'stack']);

/**
 * A service's log line as the terminal shows it; undefined where it is not worth a person's attention. What is no
 * JSON and goes to standard error comes from Node itself: a crash. Names of files stand in it as strangers gave them:
 * nothing of that moves the cursor or begins a line.
 */
export function terminalLine(
  service: string,
  text: string,
  from: Stream,
): { readonly key: string; readonly line: string } | undefined {
  const record = parse(text);
  if (record === undefined) {
    const isCrash = from === 'stderr' && text.trim() !== '';
    return isCrash ? { key: text, line: `! ${service}: ${visibleLine(text)}` } : undefined;
  }
  if (record.level !== 'warn' && record.level !== 'error') return undefined;
  const fields = Object.entries(record)
    .filter(([name]) => !leftOut.has(name))
    .map(([name, value]) => `${name}=${brief(value)}`)
    .join(' ');
  return {
    key: record.msg,
    line: visibleLine(
      `${record.level === 'error' ? '✗' : '!'} ${service}: ${record.msg}${fields ? ` (${fields})` : ''}`,
    ),
  };
}

function parse(text: string): z.infer<typeof recordSchema> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function brief(value: unknown): string {
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
