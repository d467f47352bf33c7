import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import {
  quarantineRetryCommandSchema,
  quarantineRetryPattern,
  type QuarantineRetryAnswer,
} from '@telltale/contracts';
import { QuarantineRetries } from './quarantine-retries';

/** Takes requests to read quarantined records again: Nest's NATS request pattern, heard by every replica. */
@Controller()
export class QuarantineController {
  constructor(private readonly retries: QuarantineRetries) {}

  /** Answers once it is noted. What is no request of ours gets no answer. */
  @MessagePattern<string>(quarantineRetryPattern, Transport.NATS)
  async retry(@Payload() payload: unknown): Promise<QuarantineRetryAnswer> {
    const { file } = quarantineRetryCommandSchema.parse(payload);
    return { files: await this.retries.note(file) };
  }
}
