import type { FactKind, PictureType, RateLimit, Source, TestReport, Tokens } from '@telltale/contracts';

/** Where a record stands: its fact in the log, its line in the fact's body, its byte offset in the file. */
export interface Place {
  readonly sequence: number;
  readonly line: number;
  readonly offset: number;
}

/** What the decoder is told of the file a line came from. */
export interface FileContext {
  readonly source: Source;
  readonly host: string;
  /** Absolute path on its host. */
  readonly path: string;
  /** The configured root; `path` is read relative to it. Empty where unknown. */
  readonly root: string;
  /** What kind of fact the line came in. */
  readonly fact: FactKind;
}

/**
 * A value with its stamp. The later stamp wins: record time first (epoch ms, 0 where none is known yet), then
 * the byte offset in the file, so that of two records of one instant the one further down wins. This makes
 * merging independent of the order in which files arrive.
 */
export interface Stamped<T> {
  readonly value: T;
  readonly at: number;
  readonly offset: number;
}

/** Everything that is said of a session by "the last one wins". Absent fields say nothing. */
export interface SessionRegisters {
  readonly projectPath?: Stamped<string>;
  readonly branch?: Stamped<string>;
  readonly phase?: Stamped<string>;
  readonly user?: Stamped<string>;
  readonly model?: Stamped<string>;
  readonly version?: Stamped<string>;
  readonly currentStep?: Stamped<string>;
  /** Title candidates; precedence custom > agent name > ai > summary > first prompt. */
  readonly customTitle?: Stamped<string>;
  readonly agentName?: Stamped<string>;
  readonly aiTitle?: Stamped<string>;
  readonly summaryTitle?: Stamped<string>;
  /** The earliest wins here. */
  readonly firstPrompt?: Stamped<string>;
  /** The tool's own price of the session in pico-dollars. */
  readonly reportedCostPico?: Stamped<string>;
  readonly forkedFrom?: Stamped<string>;
  /** The tool's own id, where the session's id is made from more than that. */
  readonly nativeId?: Stamped<string>;
  /** The session that started this one. */
  readonly parentId?: Stamped<string>;
  /** How the tool says it stands, where it says so; `ended` by activity after it only for sources that go on. */
  readonly outcome?: Stamped<Outcome>;
  /** Readings of the account's limits. */
  readonly rateLimits?: Stamped<readonly RateLimit[]>;
  /** A test run's report, as last written. */
  readonly test?: Stamped<TestReport>;
  /** The whole list of a TodoWrite or update_plan call replaces the one before it. */
  readonly todoList?: Stamped<readonly { readonly text: string; readonly status: ObjectiveStatus }[]>;
  /** A turn ended (true) or work goes on (false). */
  readonly turnEnded?: Stamped<boolean>;
}

/**
 * `running`: until it says otherwise, however long that takes. `completed`, `failed`: ended; later activity reopens
 * the session.
 */
export type Outcome = 'running' | 'completed' | 'failed';

export type ObjectiveStatus = 'pending' | 'active' | 'completed';

/** Usage as one row states it; `requestId` null where the record has none. */
export interface UsageRow {
  readonly requestId: string | null;
  readonly sidechain: boolean;
  /** The record's uuid, or another key of its own where it has none. */
  readonly uuid: string;
  readonly agentId: string | null;
  readonly model: string;
  /** Null where the row does not state it. */
  readonly speed: 'standard' | 'fast' | null;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tokens: Tokens;
  readonly webSearches: number;
  /** The tool's own price of it in pico-dollars; absent where it states none. */
  readonly reportedPico?: bigint;
}

interface Of {
  /** The session the record stands in. */
  readonly sessionId: string;
  /** Epoch milliseconds; the last time seen in the file where the record has none; 0 before any. */
  readonly at: number;
  readonly place: Place;
  /** Null for the main agent. */
  readonly agentId: string | null;
}

/**
 * What one record tells. Keys are global (`m:` message id, `p:` prompt uuid, `t:` tool-use id, `e:` error uuid):
 * the same key in two sessions is one thing that happened once. Previews are at most 2 KiB of text.
 */
export type Observation =
  /** Any record with a time of its own: moves the session's start and last activity. */
  | (Of & { readonly type: 'activity' })
  /** One or more blocks of an assistant message. `text` may be empty (a message of tool calls only). */
  | (Of & {
      readonly type: 'assistant';
      readonly key: string;
      readonly uuid: string;
      readonly model: string | null;
      readonly preview: string;
      readonly truncated: boolean;
      /** False: a text whose message is told of by another record; it is no message until that is seen. */
      readonly used?: false;
      readonly copied?: Copied;
    })
  | (Of & {
      readonly type: 'prompt';
      readonly key: string;
      readonly preview: string;
      readonly truncated: boolean;
      readonly images: number;
      readonly copied?: Copied;
    })
  | (Of & {
      readonly type: 'tool-use';
      readonly key: string;
      readonly name: string;
      readonly input: string;
      readonly model: string | null;
      readonly copied?: Copied;
    })
  | (Of & {
      readonly type: 'tool-result';
      readonly key: string;
      readonly isError: boolean;
      readonly preview: string;
      /** Stated by the tool; null: the time between use and result is taken. */
      readonly durationMs: number | null;
    })
  | (Of & { readonly type: 'error'; readonly key: string; readonly kind: string; readonly message: string })
  /** `messageKey` is the `m:` key. */
  | (Of & { readonly type: 'usage'; readonly messageKey: string; readonly row: UsageRow })
  | (Of & { readonly type: 'registers'; readonly registers: SessionRegisters })
  /** One task of its own (TaskCreate/TaskUpdate, a completion marker): each field by the last stamp. */
  | (Of & {
      readonly type: 'objective';
      readonly id: string;
      readonly text: string | null;
      readonly status: ObjectiveStatus | null;
      /** The task was deleted: it is no objective any more. */
      readonly removed?: true;
    })
  /** What is known of a subagent. `agentId` in the common part names it. */
  | (Of & {
      readonly type: 'agent';
      readonly parentAgentId: string | null;
      readonly agentType: string | null;
      readonly description: string | null;
      readonly model: string | null;
      readonly status: 'running' | 'completed' | 'failed' | null;
    })
  | (Of & { readonly type: 'link'; readonly kind: string; readonly label: string; readonly url: string })
  | (Of & { readonly type: 'compaction'; readonly key: string })
  /** How a process of the live registry stands that runs the session. `process` names it: `<host>:<pid>`. */
  | (Of & {
      readonly type: 'process';
      readonly process: string;
      readonly state: ProcessState;
      readonly waitingFor: string | null;
    })
  /** A picture whose bytes lie in the log's byte stream. One a file name and session; the later stamp wins. */
  | (Of & { readonly type: 'screenshot'; readonly picture: Picture });

export type ObservationOf<T extends Observation['type']> = Extract<Observation, { type: T }>;

/** The record is known to be a copy under an id of its own, made when its session was forked: shown, but never counted. */
type Copied = true;

export type ProcessState = 'running' | 'waiting' | 'idle' | 'gone';

export interface Picture {
  readonly filename: string;
  /** What it shows, where its name says it. */
  readonly label: string | null;
  /** Epoch milliseconds; 0 where it is not known. Its stamp is when it was written, which may be later. */
  readonly takenAt: number;
  /** Under whose name its bytes lie. */
  readonly host: string;
  /** Of its bytes, hex. */
  readonly sha256: string;
  readonly mediaType: PictureType;
  readonly bytes: number;
  /** Pixels; null where they could not be told. */
  readonly width: number | null;
  readonly height: number | null;
}

/** The text of previews and how it is cut. */
export const previewBytes = 2048;
