import { eventually } from '@telltale/platform/testing';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { answer, linesOf, mainPath, root } from './testing/records';

describe('what is logged of a partition that failed', () => {
  let stack: IngestStack;
  const lines: string[] = [];

  beforeAll(async () => {
    stack = await IngestStack.start();
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      lines.push(String(chunk));
      return true;
    });
    await stack.startIngest('one');
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await stack?.stop();
  });

  /** Whoever else writes there writes no records. */
  const logged = (level: string) =>
    lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((record) => record['service'] === 'ingest' && record['level'] === level);

  it('is the problem itself, once, and what failed is projected as soon as it can be', async () => {
    const { pool } = stack;
    await pool.query(
      'alter function read_model.move_checkpoint(smallint, bigint, bigint, bigint, text, integer) rename to moved_away',
    );
    await new LogWriter(stack.nats).append(root, mainPath('f-1'), linesOf(answer('f-1', 'f-1-1', 1)));
    await eventually(() =>
      expect(logged('warn')).toContainEqual(
        expect.objectContaining({
          msg: 'a partition stopped and will be taken up again',
          problem: expect.stringMatching(/^function move_checkpoint\(.*\) does not exist$/),
        }),
      ),
    );
    // Nest would log it a second time.
    expect(logged('error')).toEqual([]);
    await pool.query('alter function read_model.moved_away rename to move_checkpoint');
    await stack.caughtUp();
    const { rows } = await pool.query('select id from session');
    expect(rows).toEqual([{ id: 'f-1' }]);
  });
});
