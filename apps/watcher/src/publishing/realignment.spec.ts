import { createLogger } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { beginning } from '../tailing/position';
import type { TrackedFile } from '../tailing/tracked-file';
import { trackedFile } from '../testing/tracked-file';
import type { Head } from './head';
import { Realignment } from './realignment';

const published = { ...beginning, sequence: 7, generation: 'g', offset: 100 };

function realigning(files: readonly TrackedFile[], heads: readonly Head[] = []) {
  const moved: string[] = [];
  const reading = Promise.withResolvers<ReadonlyMap<string, Head>>();
  const turn = Promise.withResolvers<undefined>();
  const realignment = new Realignment({
    connection: { status: async function* () {} },
    files: new Map(files.map((file) => [file.path, file])),
    readHeads: () => reading.promise,
    turnOver: () => turn.promise,
    onMoved: ({ path }) => void moved.push(path),
    logger: createLogger('test', { write: () => undefined }),
  });
  realignment.begin();
  const tell = () => reading.resolve(new Map(heads.map((head) => [head.subject, head])));
  const endTurns = () => {
    for (const file of files) file.running = false;
    turn.resolve(undefined);
  };
  return { moved, tell, endTurns };
}

test('files that the log does not know any more are published anew, others are left alone', async () => {
  const [lost, kept, fresh] = [trackedFile('lost'), trackedFile('kept'), trackedFile('fresh')];
  lost.position = kept.position = published;
  const { moved, tell } = realigning(
    [lost, kept, fresh],
    [{ subject: 'kept', sequence: 7, attributes: undefined }],
  );
  tell();
  await eventually(() => expect(moved).toEqual(['lost']));
  expect(lost.position).toEqual(beginning);
  expect(kept.position).toBe(published);
});

test('a file that was published while the heads were read takes care of itself', async () => {
  const [busy, lost] = [trackedFile('busy'), trackedFile('lost')];
  busy.position = lost.position = published;
  const { moved, tell } = realigning([busy, lost]);
  const after = { ...published, sequence: 8 };
  busy.position = after;
  tell();
  await eventually(() => expect(moved).toEqual(['lost']));
  expect(busy.position).toBe(after);
});

test('a file whose turn is under way moves when that is over and found nothing to publish', async () => {
  const [turning, publishing, lost] = [
    trackedFile('turning'),
    trackedFile('publishing'),
    trackedFile('lost'),
  ];
  for (const file of [turning, publishing, lost]) file.position = published;
  turning.running = publishing.running = true;
  const { moved, tell, endTurns } = realigning([turning, publishing, lost]);
  tell();
  await eventually(() => expect(moved).toEqual(['lost']));
  publishing.position = { ...published, sequence: 8 };
  endTurns();
  await eventually(() => expect(moved).toEqual(['lost', 'turning']));
  expect(turning.position).toEqual(beginning);
  expect(publishing.position.sequence).toBe(8);
});
