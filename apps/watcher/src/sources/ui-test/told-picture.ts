import type { AttachmentLine, FactType, RefusedAttachment } from '@telltale/contracts';
import { fingerprint, tailLimit } from '../../tailing/fingerprint';
import type { Position } from '../../tailing/position';
import { newGeneration, type FileStat, type FreshBytes } from '../../tailing/reading';

/** What is said of a picture: that its bytes are in the byte stream, or why they were left out. */
export type ToldPicture =
  | { readonly kind: 'stored'; readonly line: AttachmentLine }
  | { readonly kind: 'refused'; readonly line: RefusedAttachment };

/** The position's note: what was said, and of which state of the file. */
function noteOf(told: ToldPicture, stat: FileStat): string {
  const what = told.kind === 'stored' ? told.line.sha256 : told.line.refused;
  return `${what} ${stat.size} ${stat.mtimeMs}`;
}

/** The log's last fact of the file says just this. */
export function isTold(position: Position, told: ToldPicture): boolean {
  const [what] = position.cursor?.split(' ') ?? [];
  return what === (told.kind === 'stored' ? told.line.sha256 : told.line.refused);
}

/** The log's last fact of the file was made of it as it is on disk: it need not be read. */
export function isToldOf(position: Position, stat: FileStat): boolean {
  const [what, size, mtimeMs] = position.cursor?.split(' ') ?? [];
  if (what === undefined || position.identity?.inode !== stat.inode) return false;
  return Number(size) === stat.size && Number(mtimeMs) === stat.mtimeMs;
}

/** The fact that says it, a new generation each time. */
export function pictureFact(told: ToldPicture, stat: FileStat, device: number): FreshBytes {
  const { filename } = told.line;
  const [type, line]: [FactType, object] =
    told.kind === 'stored'
      ? ['telltale.attachment.added.v1', told.line]
      : ['telltale.file.replaced.v1', { element: `screenshots/${filename}`, value: told.line }];
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  const hash = told.kind === 'stored' ? told.line.sha256.slice(0, 32) : '0';
  return {
    kind: 'bytes',
    type,
    cursor: noteOf(told, stat),
    bytes,
    generation: newGeneration(),
    from: 0,
    to: bytes.length,
    part: undefined,
    identity: { device, inode: stat.inode, hash, bytes: told.line.bytes },
    tail: fingerprint(bytes.subarray(-tailLimit)),
    stat,
    more: false,
  };
}
