import type { LoggerService } from '@nestjs/common';
import type { LogFields, Logger } from './logger';

/** As Nest's NATS transport tells it. It comes back by itself, and our own connection warns of it. */
const connectionLost = 'NatsError: type: "disconnect".';

/** Nest's own messages as lines of our logger. What Nest tells while it boots is only worth a debug line. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(text(message), fieldsOf(message, rest));
  }
  error(message: unknown, ...rest: unknown[]): void {
    if (message === connectionLost) return this.logger.debug(message, fieldsOf(message, rest));
    this.logger.error(text(message), fieldsOf(message, rest));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(text(message), fieldsOf(message, rest));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(text(message), fieldsOf(message, rest));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(text(message), fieldsOf(message, rest));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.error(text(message), fieldsOf(message, rest));
  }
}

function text(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}

/** Nest passes further values and, last, the context's name. */
function fieldsOf(message: unknown, rest: readonly unknown[]): LogFields {
  const last = rest.at(-1);
  const details = rest.slice(0, -1).filter((value) => value !== undefined);
  return {
    ...(typeof last === 'string' ? { context: last } : {}),
    ...(message instanceof Error ? { error: message } : {}),
    ...(details.length > 0 ? { details } : {}),
  };
}
