import { HeldSessions, type HeldLimits } from './held-sessions';

const never = new AbortController().signal;

/** Room for one at a time: who comes later is let on by `leave`. */
function limitsOf(revision: () => string) {
  const waiting: (() => void)[] = [];
  const limits: HeldLimits = {
    revisions: { session: () => Promise.resolve(revision()) },
    work: {
      makeRoom: () => new Promise<void>((done) => waiting.push(done)),
      keepRoom: () => Promise.resolve(),
      run: <T>(task: () => Promise<T>) => task(),
    },
    deleted: { hear: () => undefined },
  };
  return { limits, waiting };
}
const turn = () => new Promise<void>((done) => setImmediate(done));

it('does not make again what was made while one waited for room', async () => {
  let now = 'g.1';
  const { limits, waiting } = limitsOf(() => now);
  let made = 0;
  const make = () => Promise.resolve({ revision: now, byteLength: 10, made: ++made });
  const held = new HeldSessions<{ revision: string; byteLength: number; made: number }>(limits, {
    make,
    usesRoom: true,
  });
  const [first, second] = [held.of('s', never), held.of('s', never)];
  await turn();
  waiting.shift()?.();
  expect(await first).toMatchObject({ made: 1 });
  waiting.shift()?.();
  expect(await second).toMatchObject({ made: 1 });
  now = 'g.2';
  const third = held.of('s', never);
  await turn();
  waiting.shift()?.();
  expect(await third).toMatchObject({ revision: 'g.2', made: 2 });
});
