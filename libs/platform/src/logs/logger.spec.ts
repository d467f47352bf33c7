import { createLogger } from './logger';
import { NestLogger } from './nest-logger';

function record(level: 'debug' | 'info' = 'debug') {
  const lines: string[] = [];
  const logger = createLogger('spec', { level, write: (line) => void lines.push(line) });
  return { logger, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
}

describe('createLogger', () => {
  it('writes one JSON object a line', () => {
    const { logger, lines, read } = record();
    logger.child({ partition: 3 }).info('caught up\nat last', { sequence: 7, big: 2n ** 60n });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(read()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        service: 'spec',
        partition: 3,
        sequence: 7,
        big: '1152921504606846976',
        msg: 'caught up\nat last',
      },
    ]);
  });

  it('drops what lies below its level', () => {
    const { logger, read } = record('info');
    logger.debug('no');
    logger.warn('yes');
    expect(read().map((line) => line['msg'])).toEqual(['yes']);
  });

  it('writes no secret, wherever it stands', () => {
    const { logger, lines, read } = record();
    logger.warn('at nats://me:hunter2@host with http://x/sign-in#token=hunter2', {
      url: '/socket.io/?EIO=4&access_token=hunter2&transport=websocket',
      made: `Bearer tt_0123456789abcdef_hunter2${'x'.repeat(36)}`,
      signed: 'a cookie telltale_4400=eyJhbGciOiJIUzI1NiJ9.hunter2.hunter2',
      password: 'hunter2',
      accessToken: 'hunter2',
      headers: { Authorization: 'hunter2', Cookie: 'hunter2' },
      list: ['postgres://u:hunter2@h/db'],
      error: new Error('no postgres://u:hunter2@h/db', { cause: new Error('nats://u:hunter2@h') }),
      tokens: { input: 5 },
    });
    expect(lines.join()).not.toContain('hunter2');
    expect(read()[0]).toMatchObject({ tokens: { input: 5 }, error: { message: 'no postgres://u:***@h/db' } });
  });

  it('survives a value that holds itself', () => {
    const { logger, read } = record();
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    logger.info('ring', { ring });
    expect(read()).toHaveLength(1);
  });

  it('takes Nest’s messages with their context; its chatter is for debugging', () => {
    const { logger, read } = record();
    const nest = new NestLogger(logger);
    nest.log('Mapped route', 'Router');
    nest.error(new Error('broken'), 'at x', 'Handler');
    expect(read()).toMatchObject([
      { level: 'debug', msg: 'Mapped route', context: 'Router' },
      { level: 'error', msg: 'broken', context: 'Handler', error: { name: 'Error' } },
    ]);
  });
});
