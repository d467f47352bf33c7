import { factsStreamName, parseFactSubject, subjectToken } from '@telltale/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { IngestStack } from '../testing/ingest-stack';
import { LogWriter } from '../testing/log-writer';
import { linesOf, mainPath, prompt, root } from '../testing/records';
import { eraseFile, mostInARow } from './erase-file';

let stack: IngestStack;
beforeAll(async () => {
  stack = await IngestStack.start();
});
afterAll(() => stack?.stop());

it('erases a long session some facts at a time, so that others have their turn', async () => {
  const log = new LogWriter(stack.nats);
  let last = 0;
  for (let n = 0; n < mostInARow + 10; n++)
    last = await log.append(root, mainPath('s-long'), linesOf(prompt('s-long', `p-${n}`, n)));
  const manager = await jetstreamManager(stack.nats);
  const message = await manager.direct.getMessage(factsStreamName, { seq: last });
  const { source, host, file, partition } = parseFactSubject(message?.subject ?? '') ?? {};
  const told = {
    file: `${source}.${subjectToken(host ?? '')}.${file}`,
    partition: partition ?? 0,
    source: source ?? '',
    host: host ?? '',
    path: '',
    root: '',
    deleted: ['s-long'],
    living: [],
    tombstone: last + 1,
  };
  const left = async () => (await manager.streams.info(factsStreamName)).state.messages;
  const erase = () => eraseFile({ nats: stack.nats, pool: stack.pool }, told, new AbortController().signal);
  expect(await erase()).toEqual({ erased: mostInARow, kept: 0, done: false });
  expect(await left()).toBe(10);
  expect(await erase()).toEqual({ erased: 10, kept: 0, done: true });
  expect(await left()).toBe(0);
});
