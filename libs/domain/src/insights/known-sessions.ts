/** What is known of a session's money. Times in epoch milliseconds; `revision` is the session's own. */
export interface KnownSession {
  readonly revision: bigint;
  readonly costPico: bigint;
  readonly projectPath: string | null;
  readonly lastActivityAt: number;
}

/** What a delta says: a field that is absent did not change. */
export type SaidOfSession = { readonly sessionId: string; readonly revision: bigint } & Partial<
  Omit<KnownSession, 'revision'>
>;

/** What moved in a session. */
export interface Move extends Omit<KnownSession, 'revision'> {
  readonly sessionId: string;
  /** By how much at most its cost rose since it was last heard of: all of it where nothing was known. */
  readonly risePico: bigint;
}

/** The sessions heard of last, and what each had cost, so that a delta's absolute figure tells by how much it rose. */
export class KnownSessions {
  private readonly sessions = new Map<string, KnownSession>();

  constructor(private readonly most: number) {}

  /**
   * Takes what a delta says. Undefined where it is no news: older than what is known, or of nothing that costs.
   * `'stranger'`: the session was not known and the delta does not tell all of it; it has to be looked up.
   */
  hear(said: SaidOfSession): Move | 'stranger' | undefined {
    const known = this.sessions.get(said.sessionId);
    if (known && said.revision <= known.revision) return undefined;
    const now = known ? { ...known, ...definedOf(said) } : wholeOf(said);
    if (!now) return 'stranger';
    return this.learn(said.sessionId, now);
  }

  /** Takes a session as it stands in the database. */
  learn(sessionId: string, now: KnownSession): Move | undefined {
    const known = this.sessions.get(sessionId);
    if (known && now.revision < known.revision) return undefined;
    this.keep(sessionId, now);
    const isSame = known !== undefined && known.projectPath === now.projectPath;
    const rise = isSame ? now.costPico - known.costPico : now.costPico;
    const { costPico, projectPath, lastActivityAt } = now;
    return { sessionId, costPico, projectPath, lastActivityAt, risePico: rise > 0n ? rise : 0n };
  }

  forget(sessionId: string): void {
    this.sessions.delete(sessionId);
  }

  /** After a gap nothing is known for sure: what fell unheard would hide what rises again. */
  clear(): void {
    this.sessions.clear();
  }

  /** The one heard of longest ago goes first. */
  private keep(sessionId: string, known: KnownSession): void {
    this.sessions.delete(sessionId);
    this.sessions.set(sessionId, known);
    if (this.sessions.size <= this.most) return;
    const [oldest] = this.sessions.keys();
    if (oldest !== undefined) this.sessions.delete(oldest);
  }
}

function definedOf({
  revision,
  costPico,
  projectPath,
  lastActivityAt,
}: SaidOfSession): Partial<KnownSession> {
  return {
    revision,
    ...(costPico === undefined ? {} : { costPico }),
    ...(projectPath === undefined ? {} : { projectPath }),
    ...(lastActivityAt === undefined ? {} : { lastActivityAt }),
  };
}

function wholeOf({
  revision,
  costPico,
  projectPath,
  lastActivityAt,
}: SaidOfSession): KnownSession | undefined {
  if (costPico === undefined || projectPath === undefined || lastActivityAt === undefined) return undefined;
  return { revision, costPico, projectPath, lastActivityAt };
}
