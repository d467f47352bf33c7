/** What is known of a session beside the one that is asked about. */
export interface OtherSession {
  /** Epoch ms; null where it is not known. */
  readonly startedAt: number | null;
  readonly forked: boolean;
}

/** Sessions that share something with the one that is asked about, by id; itself among them. */
export type Sessions = ReadonlyMap<string, OtherSession>;

/** Why what stands in several sessions counts in that one: counting rule 3. */
export function countedIn(owner: string, asked: string, sessions: Sessions): string {
  const [its, own] = [sessions.get(owner), sessions.get(asked)];
  return `counted in session ${owner}, ${reasonOf(its, own)}`;
}

function reasonOf(its: OtherSession | undefined, own: OtherSession | undefined): string {
  const start = (session: OtherSession | undefined) => session?.startedAt ?? Number.MAX_VALUE;
  if (start(its) < start(own)) return 'which began earlier';
  return own?.forked === true && its?.forked !== true
    ? 'of which this one is a fork'
    : 'which comes first of two';
}
