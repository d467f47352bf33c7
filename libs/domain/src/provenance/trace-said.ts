import type { SessionState, TaskState } from '../projecting/session-state';
import type { Stamp, Statement } from './statement';
import { counted, isCurrent, type Traced } from './traced';

type Of<T extends Statement['type']> = Extract<Statement, { readonly type: T }>;

/** The tool's own price of the whole session: the last one it wrote. */
export function tracePrice(statements: readonly Statement[], { registers }: SessionState): Traced[] {
  const stands = registers.reportedCostPico;
  if (stands === undefined) return [];
  const all = statements.filter((one): one is Of<'price'> => one.type === 'price');
  const chosen = lastSaid(
    all.filter(({ value }) => value === stands.value),
    stands,
  );
  const traced = all.map((one) =>
    tracedAs(one, {
      value: Number(one.value) / 1e12,
      verdict: one === chosen ? counted : 'replaced by a later statement of the same price',
      record: 'cost of the session',
    }),
  );
  if (chosen !== undefined) return traced;
  return [...traced, unread(stands.at, Number(stands.value) / 1e12, 'cost of the session')];
}

/** One a file name: the picture that was written last. */
export function traceScreenshots(statements: readonly Statement[], { screenshots }: SessionState): Traced[] {
  const byName = Map.groupBy(
    statements.filter((one): one is Of<'screenshot'> => one.type === 'screenshot'),
    ({ filename }) => filename,
  );
  const traced = Object.entries(screenshots).flatMap(([filename, stands]) => {
    const all = byName.get(filename) ?? [];
    byName.delete(filename);
    const chosen = lastSaid(
      all.filter(({ sha256 }) => sha256 === stands.value.sha256),
      stands,
    );
    const own = all.map((one) =>
      tracedAs(one, {
        value: 1,
        verdict: one === chosen ? counted : 'replaced by a later picture of the same name',
        record: filename,
      }),
    );
    return chosen === undefined ? [...own, unread(stands.at, 1, filename)] : own;
  });
  const rest = [...byName.values()].flat();
  const verdict = 'not counted: the session has more pictures than are kept';
  return [...traced, ...rest.map((one) => tracedAs(one, { value: 1, verdict, record: one.filename }))];
}

/** The list of todos that stands, with as many as it holds; and tasks, one each. */
export function traceObjectives(statements: readonly Statement[], state: SessionState): Traced[] {
  return [...traceTodos(statements, state), ...traceTasks(statements, state)];
}

function traceTodos(statements: readonly Statement[], { registers }: SessionState): Traced[] {
  const stands = registers.todoList;
  if (stands === undefined) return [];
  const all = statements.filter((one): one is Of<'todos'> => one.type === 'todos');
  const chosen = lastSaid(
    all.filter(({ count }) => count === stands.value.length),
    stands,
  );
  const traced = all.map((one) =>
    tracedAs(one, {
      value: one.count,
      verdict: one === chosen ? counted : 'replaced by a later list',
      record: 'list of todos',
    }),
  );
  return chosen === undefined ? [...traced, unread(stands.at, stands.value.length, 'list of todos')] : traced;
}

function traceTasks(statements: readonly Statement[], { tasks }: SessionState): Traced[] {
  const byId = Map.groupBy(
    statements.filter((one): one is Of<'task'> => one.type === 'task'),
    ({ id }) => id,
  );
  const traced = Object.entries(tasks).flatMap(([id, task]) => {
    const all = byId.get(id) ?? [];
    byId.delete(id);
    return traceTask(id, task, all);
  });
  const verdict = 'not counted: the session has more objectives than are kept';
  const rest = [...byId.values()].flat();
  return [...traced, ...rest.map((one) => tracedAs(one, { value: 1, verdict, record: one.id }))];
}

function traceTask(id: string, task: TaskState, all: readonly Of<'task'>[]): Traced[] {
  const { text, removed } = task;
  const dropped =
    removed !== null ? 'not counted: the task was deleted' : 'not counted: nothing says what it is';
  if (removed !== null || text === null)
    return all.map((one) => tracedAs(one, { value: 1, verdict: dropped, record: id }));
  const chosen = lastSaid(
    all.filter((one) => one.text === text.value),
    text,
  );
  const traced = all.map((one) =>
    tracedAs(one, {
      value: 1,
      verdict: one === chosen ? counted : 'tells more of an objective that is counted once',
      record: id,
    }),
  );
  return chosen === undefined ? [...traced, unread(text.at, 1, id)] : traced;
}

/** Of those that say what stands, the one that is said to stand; of copies one that a file holds still. */
function lastSaid<T extends Statement & { readonly stamp: Stamp }>(
  all: readonly T[],
  stands: Stamp,
): T | undefined {
  const same = all.filter(({ stamp }) => stamp.at === stands.at && stamp.offset === stands.offset);
  const candidates = same.length > 0 ? same : all;
  return candidates.findLast(isCurrent) ?? candidates.at(-1);
}

function tracedAs(statement: Statement, said: Pick<Traced, 'value' | 'verdict' | 'record'>): Traced {
  return { ...said, at: statement.at, priceVersion: null, statement, place: null };
}

/** It stands, but the log no longer holds what says so. */
function unread(at: number, value: number, record: string): Traced {
  return { value, verdict: counted, record, at, priceVersion: null, statement: null, place: null };
}
