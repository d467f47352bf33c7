import { keptMessages, MessageFrames } from './message-frames';

const at = '2026-03-01T10:00:00.000Z';
const message = (id: string, preview = id) => ({ id, author: 'user' as const, at: null, preview });
const uuids = (texts: readonly string[]) =>
  texts.map((text) => (JSON.parse(text) as { message: { uuid: string } }).message.uuid);

it('gives each message once, and what came since', () => {
  const frames = new MessageFrames('s1');
  frames.passOver([message('old'), message('empty', '')], at);
  frames.add([message('old', 'changed'), message('a')], at);
  const said = frames.said;
  expect([said, uuids(frames.since(0))]).toEqual([1, ['a']]);
  frames.add([message('a', 'longer'), message('empty', 'not any more'), message('b')], at);
  expect(uuids(frames.since(said))).toEqual(['empty', 'b']);
  expect(frames.since(frames.said)).toEqual([]);
});

it('keeps the latest for who falls behind', () => {
  const frames = new MessageFrames('s1');
  for (let n = 0; n < keptMessages + 50; n++) frames.add([message(`m${n}`)], at);
  expect(frames.said).toBe(keptMessages + 50);
  expect(uuids(frames.since(0))).toHaveLength(keptMessages);
  expect(uuids(frames.since(frames.said - 2))).toEqual([`m${keptMessages + 48}`, `m${keptMessages + 49}`]);
});
