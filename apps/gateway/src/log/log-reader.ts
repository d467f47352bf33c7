import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { LoggedLines, type LoggedLine, type Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';
import { DeletedSessions } from '../deleting/deleted-sessions';
import { isOfRoom, roomFor, roomOrProblem } from '../memory/request-memory';

/** A line longer than this is shown by its preview. */
export const longestLineBytes = 16 * 1024 * 1024;
const bounds = { kept: 32 * 1024 * 1024, longestLine: longestLineBytes, room: roomForLine };

/** Where lines are read back that the log holds. */
export interface LineReader {
  /** Line `index` (from 0) of the fact at a sequence; undefined where it cannot be had. */
  line(sequence: number, index: number): Promise<LoggedLine | undefined>;
  /** Reads ahead the fact whose lines will be asked for. Never throws. */
  fetch(sequence: number): Promise<void>;
}

/**
 * How many times its length a line takes while its parts are joined and read, and what it says is made an answer: parts,
 * the line as bytes and as text, what was parsed, the answer's text and bytes, some of them with two bytes a character.
 */
const heldOfLine = 8;

/** Until the request is answered, or its part that needs the line is through. */
export function roomForLine(bytes: number): Promise<boolean> {
  return roomFor(heldOfLine * bytes);
}

/** The same for who cannot do without the line now and have it later. @throws ProblemException 503 */
export function roomForWholeLine(bytes: number): Promise<boolean> {
  return roomOrProblem(heldOfLine * bytes);
}

/** Lines of the log for whom a preview will do in their place: also where the log does not answer. */
@Injectable()
export class LogReader implements LineReader {
  private readonly lines: LoggedLines;

  constructor(
    @Inject(NATS) nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    deleted: DeletedSessions,
  ) {
    this.lines = new LoggedLines(nats, bounds);
    // Which facts told of the session is not known here: what is read again costs little.
    deleted.hear(() => this.lines.forget());
  }

  /** @throws ProblemException 503 where there is no room for a long line */
  async line(sequence: number, index: number): Promise<LoggedLine | undefined> {
    try {
      return await this.lines.line(sequence, index);
    } catch (error) {
      if (isOfRoom(error)) throw error;
      // The reader of a text gets its preview instead; that the log is away is told by /readyz.
      this.logger.debug('a line could not be read from the log', { sequence, error });
      return undefined;
    }
  }

  async fetch(sequence: number): Promise<void> {
    await this.lines.fetch(sequence).catch(() => undefined); // asked again by who needs it
  }
}
