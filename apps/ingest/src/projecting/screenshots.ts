import { chunkCount } from '@telltale/contracts';
import { screenshotId, type Changes } from '@telltale/domain';
import { Upsert } from './upsert';

/** Where the bytes of one picture lie that is shown: what the gateway needs to serve it. */
export interface ScreenshotRow {
  readonly id: string;
  readonly sessionId: string;
  readonly filename: string;
  readonly sha256: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly host: string;
  readonly chunks: number;
}

export const upsertScreenshots = new Upsert<ScreenshotRow>({
  name: 'upsert_screenshot',
  table: 'screenshot',
  key: ['id'],
  columns: [
    { name: 'id', type: 'text', of: (row) => row.id },
    { name: 'session_id', type: 'text', of: (row) => row.sessionId },
    { name: 'filename', type: 'text', of: (row) => row.filename },
    { name: 'sha256', type: 'text', of: (row) => row.sha256 },
    { name: 'media_type', type: 'text', of: (row) => row.mediaType },
    { name: 'bytes', type: 'bigint', of: (row) => row.bytes },
    { name: 'host', type: 'text', of: (row) => row.host },
    { name: 'chunks', type: 'integer', of: (row) => row.chunks },
  ],
});

/** Rows of the pictures that a batch brought or replaced. */
export function changedScreenshots(sessions: Changes['sessions']): ScreenshotRow[] {
  return sessions.flatMap(({ before, after }) =>
    Object.entries(after.screenshots)
      .filter(([filename, { value }]) => {
        const known =
          before && Object.hasOwn(before.screenshots, filename) ? before.screenshots[filename] : undefined;
        return known?.value.sha256 !== value.sha256 || known.value.host !== value.host;
      })
      .map(([filename, { value }]) => ({
        id: screenshotId(after.id, filename),
        sessionId: after.id,
        filename,
        sha256: value.sha256,
        mediaType: value.mediaType,
        bytes: value.bytes,
        host: value.host,
        chunks: chunkCount(value.bytes),
      })),
  );
}
