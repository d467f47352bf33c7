import { viewOf } from '../../projecting';
import { decodeSource, MemoryReadModel } from '../../testing';
import { openCodeDecoder } from './decoder';
import { document, rows, session, sessionId, shownAfter, started } from './testing/given-elements';

describe('todos of a session', () => {
  const todos = [{ content: 'Find it', status: 'completed', priority: 'high' }];

  it('stand in a document without a time, of which the later one is right', () => {
    const list = (status: string) => document(`todo/${sessionId}`, [{ content: 'Find it', status }]);
    const later = decodeSource(openCodeDecoder, list('completed')).observations.map((one) => {
      if (one.type !== 'registers' || one.registers.todoList === undefined) return one;
      return { ...one, registers: { todoList: { ...one.registers.todoList, offset: 2 } } };
    });
    const model = new MemoryReadModel();
    model.apply(later, 'opencode');
    model.apply(decodeSource(openCodeDecoder, list('pending')).observations, 'opencode');
    const [state] = model.sessions.values();
    expect(state && viewOf(state, started).detail.objectives).toMatchObject([
      { status: 'completed', completedAt: null },
    ]);
  });

  it('are rows with times in the other store', () => {
    const value = { session_id: sessionId, time_updated: started + 7000, todos };
    const { detail } = shownAfter(session({}), rows({ element: `todo/${sessionId}`, value }));
    expect(detail.objectives).toMatchObject([{ completedAt: new Date(started + 7000).toISOString() }]);
  });
});
