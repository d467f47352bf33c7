import { createLogger } from './logger';
import { NestLogger } from './nest-logger';

const told = (say: (logger: NestLogger) => void): unknown[] => {
  const lines: unknown[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  say(new NestLogger(createLogger('spec', { write, level: 'info' })));
  return lines;
};

describe('NestLogger', () => {
  it('tells what Nest finds wrong, with its context', () =>
    expect(told((logger) => logger.error('broken', 'Server'))).toMatchObject([
      { level: 'error', msg: 'broken', context: 'Server' },
    ]));

  it('makes no error of a connection to NATS that is lost and comes back', () =>
    expect(told((logger) => logger.error('NatsError: type: "disconnect".', 'Server'))).toEqual([]));

  it('leaves the errors that NATS reports errors', () =>
    expect(told((logger) => logger.error('NatsError: type: "error", error: "no".', 'Server'))).toHaveLength(
      1,
    ));
});
