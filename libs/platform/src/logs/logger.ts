import { redact, redactText } from './redact';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  /** Lines below this level are dropped. Default: `TELLTALE_LOG_LEVEL`, else `info`. */
  readonly level?: LogLevel;
  /** Takes one line with its line break. Default: standard output. */
  readonly write?: (line: string) => void;
}

/** Structured logs: one JSON object a line with `level`, `time`, `service`, `msg` and the fields, secrets masked. */
export function createLogger(service: string, options: LoggerOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  return new LineLogger({ service }, logLevels.indexOf(options.level ?? levelFromEnvironment()), write);
}

class LineLogger implements Logger {
  constructor(
    private readonly fields: LogFields,
    private readonly threshold: number,
    private readonly write: (line: string) => void,
  ) {}

  debug(message: string, fields?: LogFields): void {
    this.line('debug', message, fields);
  }
  info(message: string, fields?: LogFields): void {
    this.line('info', message, fields);
  }
  warn(message: string, fields?: LogFields): void {
    this.line('warn', message, fields);
  }
  error(message: string, fields?: LogFields): void {
    this.line('error', message, fields);
  }
  child(fields: LogFields): Logger {
    return new LineLogger({ ...this.fields, ...fields }, this.threshold, this.write);
  }

  private line(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (logLevels.indexOf(level) < this.threshold) return;
    const safe = redact({ ...this.fields, ...fields }) as LogFields;
    this.write(
      `${JSON.stringify({ level, time: new Date().toISOString(), ...safe, msg: redactText(message) })}\n`,
    );
  }
}

function levelFromEnvironment(): LogLevel {
  const name = process.env['TELLTALE_LOG_LEVEL'];
  return logLevels.find((level) => level === name) ?? 'info';
}
