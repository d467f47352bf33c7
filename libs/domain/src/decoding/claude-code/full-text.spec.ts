import { assistant, record, user } from '../../testing/given-records';
import { claudeCodeDecoder } from './decoder';

const text = (line: object, key: string) => claudeCodeDecoder.fullText(JSON.stringify(line), key);
const long = 'word '.repeat(5000);

describe('the full text of a record', () => {
  it('is found by the keys the decoder told', () => {
    expect(text(assistant([{ type: 'text', text: long }]), 'm:msg_1')).toEqual({ text: long });
    expect(text(user(long), 'p:u1')).toEqual({ text: long });
    expect(text(user('[Request interrupted by user]'), 'e:u1')).toEqual({
      text: '[Request interrupted by user]',
    });
  });

  it('is a tool’s input and result', () => {
    expect(
      text(assistant([{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: long } }]), 't:t1'),
    ).toEqual({ input: JSON.stringify({ command: long }, null, 2) });
    expect(
      text(
        user([{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: long }] }]),
        't:t1',
      ),
    ).toEqual({ result: long });
  });

  it('is found inside progress records', () => {
    const carried = assistant([{ type: 'text', text: 'inner' }], { uuid: 'i1' }, { id: 'msg_2' });
    expect(
      text(
        record('progress', { data: { type: 'agent_progress', agentId: 'a', message: carried } }),
        'm:msg_2',
      ),
    ).toEqual({ text: 'inner' });
  });

  it('is not found under another key, in a broken line or in none', () => {
    expect(text(user('hi'), 'p:u2')).toBeUndefined();
    expect(text(user('hi'), 't:t1')).toBeUndefined();
    expect(claudeCodeDecoder.fullText('{', 'p:u1')).toBeUndefined();
    expect(claudeCodeDecoder.fullText('', 'p:u1')).toBeUndefined();
  });
});
