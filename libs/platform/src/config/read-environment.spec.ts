import { homedir, hostname } from 'node:os';
import { z } from 'zod';
import { commaList, databaseUrl, hostName, natsUrl, port, telltaleHome } from './fields';
import { readEnvironment } from './read-environment';

const schema = z.object({
  NATS_URL: natsUrl,
  DATABASE_URL: databaseUrl.optional(),
  TELLTALE_PORT: port.default(4400),
  TELLTALE_HOME: telltaleHome,
  TELLTALE_HOST_NAME: hostName,
  TELLTALE_EXCLUDE: commaList,
});
const least = { NATS_URL: 'nats://127.0.0.1:4222' };

describe('readEnvironment', () => {
  it('gives typed values and defaults', () => {
    expect(readEnvironment(schema, least)).toEqual({
      NATS_URL: least.NATS_URL,
      TELLTALE_PORT: 4400,
      TELLTALE_HOME: `${homedir()}/.telltale`,
      TELLTALE_HOST_NAME: hostname(),
      TELLTALE_EXCLUDE: [],
    });
  });

  it('reads what is set; an empty variable is not set', () => {
    const read = readEnvironment(schema, {
      NATS_URL: 'nats://a:b@one:1, tls://two:2',
      DATABASE_URL: '',
      TELLTALE_PORT: '0',
      TELLTALE_HOME: '~/else',
      TELLTALE_HOST_NAME: 'desk',
      TELLTALE_EXCLUDE: ' a , ,b',
    });
    expect(read).toMatchObject({
      TELLTALE_PORT: 0,
      TELLTALE_HOME: `${homedir()}/else`,
      TELLTALE_HOST_NAME: 'desk',
    });
    expect(read.TELLTALE_EXCLUDE).toEqual(['a', 'b']);
    expect(read.DATABASE_URL).toBeUndefined();
  });

  it.each([
    [{}, 'NATS_URL is not set. Set it to the NATS server, for example nats://user:password@127.0.0.1:4222.'],
    [
      { ...least, TELLTALE_PORT: '70000' },
      'TELLTALE_PORT is "70000" (above 65535). Set it to a port from 0 to 65535.',
    ],
    [
      { ...least, TELLTALE_PORT: 'http' },
      'TELLTALE_PORT is "http" (not a number). Set it to a port from 0 to 65535.',
    ],
  ])('says which variable is wrong, how, and what to do: %j', (env, message) => {
    expect(() => readEnvironment(schema, env)).toThrow(message);
  });

  it.each(['h'.repeat(253), '界'.repeat(84), 'a "name" of #strange; {things}', '*'])(
    'takes a host name that fits into the subjects of the log: %s',
    (TELLTALE_HOST_NAME) =>
      expect(readEnvironment(schema, { ...least, TELLTALE_HOST_NAME })).toMatchObject({ TELLTALE_HOST_NAME }),
  );

  it.each(['h'.repeat(254), '界'.repeat(85), 'half a pair: \ud83d'])(
    'takes no host name that does not: %s',
    (TELLTALE_HOST_NAME) =>
      expect(() => readEnvironment(schema, { ...least, TELLTALE_HOST_NAME })).toThrow('TELLTALE_HOST_NAME'),
  );

  it('names every variable at fault and repeats no secret', () => {
    const read = () =>
      readEnvironment(schema, { NATS_URL: 'http://user:hunter2@x', DATABASE_URL: 'mysql://u:hunter2@x' });
    expect(read).toThrow(/NATS_URL is not valid[^]*DATABASE_URL is not valid/);
    expect(read).not.toThrow(/hunter2/);
  });
});
