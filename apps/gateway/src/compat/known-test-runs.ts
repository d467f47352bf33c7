import type { TestRunFrame } from '@telltale/contracts';
import type { TestRunRow } from './rows/test-run-rows';

/** What deltas said of a run since it was last read. */
export interface Touched {
  readonly at: string;
  readonly created: boolean;
  readonly deleted: boolean;
  /** File names of the pictures they named. */
  readonly pictures: readonly string[];
}

interface Known {
  readonly revision: string;
  readonly pictures: ReadonlySet<string>;
}

/** Remembers what the clients were told of each run, and says what is new to them: a delta names changed pictures too. */
export class KnownTestRuns {
  /** The least recently changed first. */
  private readonly runs = new Map<string, Known>();

  constructor(private readonly most: number) {}

  get ids(): readonly string[] {
    return [...this.runs.keys()];
  }

  /** As they are when the first client comes: nothing of this is new. */
  begin(rows: readonly TestRunRow[]): void {
    this.runs.clear();
    for (const row of rows) this.remember(row);
  }

  news(row: TestRunRow, touched: Touched): TestRunFrame[] {
    const before = this.runs.get(row.id);
    const known = before?.pictures ?? unknownSoFar(row, touched);
    this.remember(row);
    const about = { sessionId: row.folder, timestamp: touched.at };
    return [
      ...(before?.revision === row.revision
        ? []
        : [{ type: isNew(before, touched) ? 'session_created' : 'session_updated', ...about } as const]),
      ...row.pictures
        .filter((filename) => !known.has(filename))
        .map((filename) => ({ type: 'screenshot_added', filename, ...about }) as const),
    ];
  }

  /** It was deleted for good: who looks for it will see. */
  gone(id: string, at: string): TestRunFrame {
    this.runs.delete(id);
    return { type: 'session_updated', sessionId: id.slice(0, id.lastIndexOf('@')), timestamp: at };
  }

  private remember({ id, revision, pictures }: TestRunRow): void {
    this.runs.delete(id);
    this.runs.set(id, { revision, pictures: new Set(pictures) });
    for (const oldest of this.runs.keys()) {
      if (this.runs.size <= this.most) break;
      this.runs.delete(oldest);
    }
  }
}

function isNew(before: Known | undefined, touched: Touched): boolean {
  return before === undefined && touched.created;
}

/** Of a run that was forgotten, the pictures that the deltas named count as added. */
function unknownSoFar(row: TestRunRow, { created, pictures }: Touched): ReadonlySet<string> {
  return new Set(created ? [] : row.pictures.filter((filename) => !pictures.includes(filename)));
}
