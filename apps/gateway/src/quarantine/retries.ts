import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import {
  quarantineRetryAnswerSchema,
  quarantineRetryPattern,
  type QuarantineRetryAnswer,
  type QuarantineRetryCommand,
} from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LOGGER, NATS } from '../connections';
import { problem, ProblemException } from '../problems/problem';

const patienceMs = 3000;

/** Nest's envelope of an answer. */
const answerSchema = z.object({ response: quarantineRetryAnswerSchema });

/** Asks ingest to read quarantined records again. */
@Injectable()
export class Retries {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves once a replica has noted it where no restart loses it. @throws ProblemException 503 */
  async ask(file: string | undefined): Promise<QuarantineRetryAnswer> {
    const data: QuarantineRetryCommand = file === undefined ? {} : { file };
    const request = JSON.stringify({ pattern: quarantineRetryPattern, data, id: randomUUID() });
    try {
      const answer = await this.nats.request(quarantineRetryPattern, request, { timeout: patienceMs });
      return answerSchema.parse(answer.json()).response;
    } catch (error) {
      this.logger.warn('ingest did not take a request to try quarantined records again', { error });
      const detail = 'Ingest does not answer. Try again once it runs.';
      throw new ProblemException(problem(503, detail), { 'retry-after': '5' });
    }
  }
}
