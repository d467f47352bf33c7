import { Coalesced } from './coalesced';

/** Answers are made when the test says so. */
function maker() {
  const pending: ((fail?: Error) => void)[] = [];
  let made = 0;
  const coalesced = new Coalesced(async () => {
    const n = ++made;
    await new Promise<void>((done, failed) => pending.push((error) => (error ? failed(error) : done())));
    return n;
  });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  const finish = async (error?: Error) => {
    pending.shift()?.(error);
    await settle();
  };
  return { coalesced, settle, finish, made: () => made };
}

it('makes one answer for all who ask while another is being made, begun after they asked', async () => {
  const { coalesced, settle, finish, made } = maker();
  const first = coalesced.get();
  await settle();
  const later = [coalesced.get(), coalesced.get(), coalesced.get()];
  await settle();
  expect(made()).toBe(1);
  await finish();
  await finish();
  expect(await first).toBe(1);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
});

it('tells a failure to those who waited for it, and to nobody else', async () => {
  const { coalesced, settle, finish } = maker();
  const first = coalesced.get();
  await settle();
  const second = coalesced.get();
  const failed = expect(first).rejects.toThrow('away');
  await finish(new Error('away'));
  await failed;
  await finish();
  expect(await second).toBe(2);
});
