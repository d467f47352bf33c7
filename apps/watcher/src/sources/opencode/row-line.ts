import { numberOf, type Columns } from './store-statements';

/** A row as it is published, and what of its content matters here. */
export interface RowLine {
  readonly bytes: Uint8Array;
  /** OpenCode will write the row again. */
  readonly isUnfinished: boolean;
}

/** Data that is no JSON is published as the text it is: its reader says what is wrong with it. */
export function rowLine(element: string, columns: Columns, data: unknown): RowLine {
  const text = typeof data === 'string' ? data : '';
  const value = parsed(text);
  const json = value === undefined ? JSON.stringify(text) : text.replaceAll(/[\r\n]/g, ' ');
  const start = JSON.stringify(columns).slice(0, -1);
  const line = `{"element":${JSON.stringify(element)},"value":${start},"data":${json}}}\n`;
  return { bytes: Buffer.from(line), isUnfinished: isUnfinished(value) };
}

export function sessionLine(session: Columns): Uint8Array {
  return elementLine(`session/${String(session['id'])}`, session);
}

/** All todos of a session: its list is one thing, though each has a row. Of an empty one only we know since when. */
export function todoLine(sessionId: string, todos: readonly Columns[]): Uint8Array {
  const times = todos.map((todo) => numberOf(todo['time_updated']));
  const updatedAt = times.length === 0 ? Date.now() : Math.max(0, ...times);
  return elementLine(`todo/${sessionId}`, {
    session_id: sessionId,
    ...(updatedAt > 0 ? { time_updated: updatedAt } : {}),
    todos: todos.map(({ content, status }) => ({ content, status })),
  });
}

function elementLine(element: string, value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify({ element, value })}\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isUnfinished(value: unknown): boolean {
  const { role, time, state } = fieldsOf(value);
  const status = fieldsOf(state)['status'];
  if (status !== undefined) return status === 'pending' || status === 'running';
  const { start, end, completed } = fieldsOf(time);
  if (role === 'assistant') return completed === undefined;
  return start !== undefined && end === undefined;
}
