import { BacklogGate } from './backlog-gate';

const MiB = 1024 * 1024;

test('open while ingest lags less than the limit, what was published since its last word included', () => {
  const gate = new BacklogGate(() => undefined, 32 * MiB);
  expect(gate.isOpen()).toBe(true);
  expect(gate.isOpen(32 * MiB)).toBe(false);
  gate.published(31 * MiB);
  expect(gate.isOpen()).toBe(true);
  gate.published(MiB);
  expect(gate.isOpen()).toBe(false);
  gate.hear(0);
  expect(gate.isOpen()).toBe(true);
  gate.hear(40 * MiB);
  expect(gate.isOpen()).toBe(false);
});

test('says when it opens', () => {
  const onOpen = jest.fn();
  const gate = new BacklogGate(onOpen, 32 * MiB);
  gate.hear(40 * MiB);
  expect(onOpen).not.toHaveBeenCalled();
  gate.hear(10 * MiB);
  expect(onOpen).toHaveBeenCalledTimes(1);
});

test('without a word of ingest a little goes through every ten seconds', () => {
  const onOpen = jest.fn();
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
  const gate = new BacklogGate(onOpen, 32 * MiB);
  gate.hear(40 * MiB);
  clock.mockRestore();
  gate.afterSilence(now + 9000);
  expect(gate.isOpen()).toBe(false);
  gate.afterSilence(now + 10_100);
  expect([gate.isOpen(), onOpen.mock.calls.length]).toEqual([true, 1]);
  gate.published(8 * MiB);
  expect(gate.isOpen()).toBe(false);
  gate.afterSilence(now + 15_000);
  expect(gate.isOpen()).toBe(false);
  gate.afterSilence(now + 20_200);
  expect(gate.isOpen()).toBe(true);
});
