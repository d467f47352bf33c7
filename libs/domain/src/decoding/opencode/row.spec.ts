import { decodeSource } from '../../testing';
import { openCodeDecoder } from './decoder';
import { messageId, rows, sessionId, started, told } from './testing/given-elements';

describe('rows', () => {
  const times = { time_created: started + 1000, time_updated: started + 2000 };
  const row = (data: unknown) => ({
    element: `message/${messageId}`,
    value: { id: messageId, session_id: sessionId, ...times, data },
  });

  it('that are gone or unknown say nothing; those that cannot be read spoil no other', () => {
    const good = row({ role: 'user' });
    const { outcomes, observations } = decodeSource(
      openCodeDecoder,
      rows(
        { element: 'message/x', value: null },
        { element: 'account/1', value: {} },
        row('no JSON'),
        row(7),
        good,
      ),
    );
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, false, true]);
    expect(observations.filter(({ type }) => type === 'prompt')).toHaveLength(1);
  });

  it('have their own times where their data has none', () => {
    expect(told('prompt', rows(row({ role: 'user' })))).toMatchObject([{ at: started + 1000 }]);
  });
});
