import type { SourceDecoder } from '../decoder';
import { decodeRecord } from '../reading/decode-record';
import type { JsonObject } from '../reading/values';
import { tellFolder } from './folder';
import { fullTextOf } from './full-text';
import { runId } from './keys';
import { tellPicture } from './picture';
import { runFile, type RunFile } from './run-file';
import { tellReport } from './run-report';
import { Telling } from './telling';

/**
 * Reads UI test runs: the line that says a run's folder is there, its `output.json` as one line each time it was
 * written, and a line for each of its pictures. The path says which of them a file is. Each line says all that is
 * known of its file, so nothing is remembered between them.
 */
export const uiTestDecoder: SourceDecoder = {
  version: 2,
  outcomeHolds: true,
  initialState: () => ({}),
  // eslint-disable-next-line @typescript-eslint/max-params -- the interface's own
  decodeLine(_state, line, file, place, sink) {
    return decodeRecord(line, sink, (record) => {
      const run = runFile(file.root, file.path);
      if (run.kind === 'other') return undefined;
      return tell(new Telling(runId(run.folder, file.host), file, { place, sink }), run, record);
    });
  },
  fullText: fullTextOf,
  roleOf({ root, path }) {
    const { kind } = runFile(root, path);
    return kind === 'report' ? 'main' : kind;
  },
  sessionOf({ root, path, host }) {
    const run = runFile(root, path);
    return run.kind === 'other' ? undefined : runId(run.folder, host);
  },
};

/** Undefined: read; else why not. */
function tell(
  telling: Telling,
  run: Exclude<RunFile, { kind: 'other' }>,
  record: JsonObject,
): string | undefined {
  switch (run.kind) {
    case 'folder':
      tellFolder(telling, run.folder, record);
      return undefined;
    case 'report':
      tellReport(telling, run.folder, record);
      return undefined;
    case 'screenshot':
      return tellPicture(telling, run.filename, record);
  }
}
