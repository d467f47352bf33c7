import { openCodeId } from '../../testing';
import { document, itemsAfter, started, told } from './testing/given-elements';

describe('the history of a forked session', () => {
  const forkedAt = started + 60_000;
  const fork = openCodeId('ses', forkedAt, { counter: 1, seed: 'f' });
  const copyId = openCodeId('msg', forkedAt, { counter: 2, seed: 'g' });
  const copy = (id: string, at: number) =>
    document(`message/${fork}/${id}`, {
      id,
      sessionID: fork,
      role: 'assistant',
      time: { created: at },
      tokens: { input: 10, output: 1 },
    });

  it('is shown, but counts where it happened', () => {
    expect(itemsAfter(copy(copyId, started + 1000))).toMatchObject([{ used: true, counted: false }]);
    expect(told('usage', copy(copyId, started + 1000))).toEqual([]);
    expect(told('activity', copy(copyId, started + 1000))).toEqual([]);
  });

  it('is told from what is said after the fork, and from ids that tell no time', () => {
    const own = openCodeId('msg', forkedAt + 9000, { counter: 3, seed: 'h' });
    expect(told('usage', copy(own, forkedAt + 9000))).toHaveLength(1);
    expect(told('usage', copy('msg_fork_0001', started + 1000))).toHaveLength(1);
    // A clock that was set back: the message is older than its session, but not than its own id.
    expect(
      told('usage', copy(openCodeId('msg', started, { counter: 4, seed: 'i' }), started + 1000)),
    ).toHaveLength(1);
  });

  it('is found across the years in which the time of ids begins again', () => {
    const [before, after] = [Date.UTC(2026, 7, 13), Date.UTC(2026, 7, 15)];
    const late = openCodeId('msg', after, { counter: 1, seed: 'j' });
    const forkLate = openCodeId('ses', after, { counter: 1, seed: 'k' });
    const file = document(`message/${forkLate}/${late}`, {
      role: 'assistant',
      time: { created: before },
      tokens: {},
    });
    expect(told('usage', file)).toEqual([]);
  });
});
