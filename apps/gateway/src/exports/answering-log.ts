import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@telltale/platform';
import { LOGGER, NATS } from '../connections';
import { DeletedSessions } from '../deleting/deleted-sessions';
import { LogReader, type LogLine } from '../log/log-reader';
import { problem, ProblemException } from '../problems/problem';

/** A feed is read in its order, so its next lines stand in a fact just read: one for each of many files is enough. */
const keptBytes = 8 * 1024 * 1024;

/**
 * The log for files. Where it does not answer the file is cut: a preview in the place of a whole text would look like
 * the whole text, and nobody would know. What the log no longer holds is a preview here too.
 */
@Injectable()
export class AnsweringLog extends LogReader {
  constructor(@Inject(NATS) nats: NatsConnection, @Inject(LOGGER) logger: Logger, deleted: DeletedSessions) {
    super(nats, logger, deleted, keptBytes);
  }

  /** @throws ProblemException 503 where the log does not answer */
  override async line(sequence: number, index: number): Promise<LogLine | undefined> {
    try {
      return await this.lineOrThrow(sequence, index);
    } catch (error) {
      throw new LogAwayError(error);
    }
  }
}

class LogAwayError extends ProblemException {
  constructor(cause: unknown) {
    super(problem(503, 'The log does not answer. Try again in a moment.'), { 'retry-after': '1' });
    this.cause = cause;
  }
}
