import type { Session } from '@telltale/contracts';
import { viewOf } from '../../../projecting';
import { decodeSource, MemoryReadModel, type SourceFile } from '../../../testing';
import { uiTestDecoder } from '../decoder';

export const root = '/srv/results';
export const folder = 'session_1762316690033';
export const began = '2025-11-05T04:24:50.033Z';
/** A file below the root, with these lines. */
export const at = (name: string, fact: SourceFile['fact'], ...lines: unknown[]): SourceFile => ({
  source: 'ui-test',
  host: 'atlas',
  root,
  path: `${root}/${name}`,
  fact,
  lines: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))),
});
export const folderFile = at(folder, 'file.replaced', {
  element: 'run',
  value: { folder, createdAt: 1762316690500 },
});
/** The report's versions, each written over the one before. */
export const report = (...versions: unknown[]) => at(`${folder}/output.json`, 'file.appended', ...versions);
export const attachment = {
  filename: 'end_2025-11-05T04-24-58.png',
  sha256: 'ab'.repeat(32),
  mediaType: 'image/png',
  bytes: 9585,
  width: 1296,
  height: 702,
  modifiedAt: Date.parse('2025-11-05T04:24:58.502Z'),
};
export const picture = (changes: object = {}, name = attachment.filename) =>
  at(`${folder}/screenshots/${name}`, 'attachment.added', { ...attachment, filename: name, ...changes });

/** The one run that these files, read in this order, tell of. */
export function shown(...files: SourceFile[]): Omit<Session, 'revision'> {
  const model = new MemoryReadModel();
  for (const file of files) model.apply(decodeSource(uiTestDecoder, file).observations, 'ui-test');
  const [state, ...others] = [...model.sessions.values()];
  expect(others).toEqual([]);
  if (state === undefined) throw new Error('nothing was told');
  const { summary, detail } = viewOf(state, Date.parse('2026-01-01T00:00:00Z'));
  return { ...summary, ...detail };
}

/** A report of a run that has ended. */
export const final = {
  url: 'https://www.htmlgames.com/game/Tic+Tac+Toe?lang=en',
  config_path: 'configs/tictactoe.json',
  timestamp: '2025-11-05T04:25:07.567Z',
  test_duration: 13,
  status: 'pass',
  playability_score: 0.85,
};
