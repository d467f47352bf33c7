import type { LineOutcome, SourceDecoder } from '../decoder';
import { parseLine } from '../reading/parse-line';
import { previewOf } from '../reading/text';
import type { JsonObject } from '../reading/values';
import { tellFolder } from './folder';
import { fullTextOf } from './full-text';
import { runId } from './keys';
import { tellPicture } from './picture';
import { runFile, type RunFile } from './run-file';
import { tellReport } from './run-report';
import { Telling } from './telling';

const ok: LineOutcome = { ok: true };

/**
 * Reads UI test runs: the line that says a run's folder is there, its `output.json` as one line each time it was
 * written, and a line for each of its pictures. The path says which of them a file is. Each line says all that is
 * known of its file, so nothing is remembered between them.
 */
export const uiTestDecoder: SourceDecoder = {
  version: 2,
  initialState: () => ({}),
  // eslint-disable-next-line @typescript-eslint/max-params -- the interface's own
  decodeLine(_state, line, file, place, sink) {
    const parsed = parseLine(line);
    if (parsed.kind === 'blank') return ok;
    if (parsed.kind === 'broken') return { ok: false, reason: parsed.reason };
    const run = runFile(file.root, file.path);
    if (run.kind === 'other') return ok;
    const telling = new Telling(runId(run.folder, file.host), file, place);
    try {
      const problem = tell(telling, run, parsed.record);
      if (problem !== undefined) return { ok: false, reason: problem };
    } catch (error) {
      // A fault of ours must not stop a partition: the line goes to quarantine, and is read again after an upgrade.
      return { ok: false, reason: `decoder fault: ${previewOf(String(error), 200).preview}` };
    }
    sink.push(...telling.observations);
    return ok;
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
