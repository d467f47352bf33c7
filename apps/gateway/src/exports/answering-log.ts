import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { LoggedLines, type LoggedLine } from '@telltale/platform';
import { NATS } from '../connections';
import { DeletedSessions } from '../deleting/deleted-sessions';
import { longestLineBytes, roomForWholeLine, type LineReader } from '../log/log-reader';
import { isOfRoom } from '../memory/request-memory';
import { problem, ProblemException } from '../problems/problem';

/** A feed is read in its order, so its next lines stand in a fact just read: one for each of many files is enough. */
const bounds = { kept: 8 * 1024 * 1024, longestLine: longestLineBytes, room: roomForWholeLine };

/**
 * The log for files. Where it does not answer the file is cut: a preview in the place of a whole text would look like
 * the whole text, and nobody would know; so it is where there is no room for a long text now. What the log no longer holds is a preview here too.
 */
@Injectable()
export class AnsweringLog implements LineReader {
  private readonly lines: LoggedLines;

  constructor(@Inject(NATS) nats: NatsConnection, deleted: DeletedSessions) {
    this.lines = new LoggedLines(nats, bounds);
    deleted.hear(() => this.lines.forget());
  }

  /** @throws ProblemException 503 where the log does not answer */
  async line(sequence: number, index: number): Promise<LoggedLine | undefined> {
    try {
      return await this.lines.line(sequence, index);
    } catch (error) {
      throw isOfRoom(error) ? error : new LogAwayError(error);
    }
  }

  async fetch(sequence: number): Promise<void> {
    await this.lines.fetch(sequence).catch(() => undefined); // asked again by who needs it
  }
}

class LogAwayError extends ProblemException {
  constructor(cause: unknown) {
    super(problem(503, 'The log does not answer. Try again in a moment.'), { 'retry-after': '1' });
    this.cause = cause;
  }
}
