import {
  attachmentLineSchema,
  elementLineSchema,
  refusedAttachmentSchema,
  type RefusedAttachment,
} from '@telltale/contracts';
import { parseInstant } from '../reading/instant';
import { previewOf, storableId } from '../reading/text';
import type { JsonObject } from '../reading/values';
import { labelInName, timeInName } from './names';
import type { Telling } from './telling';

/** Undefined: read; else why not. */
export function tellPicture(telling: Telling, filename: string, record: JsonObject): string | undefined {
  if (telling.file.fact !== 'attachment.added') return tellRefused(telling, filename, record);
  const parsed = attachmentLineSchema.safeParse(record);
  if (!parsed.success) return problemOf(parsed.error.issues[0]);
  const { sha256, mediaType, bytes, width, height, modifiedAt } = parsed.data;
  const at = takenAt(filename, modifiedAt);
  const label = labelInName(filename);
  // Of two of one name the one written later is the one that is there, whenever it was taken.
  telling.say(Math.trunc(modifiedAt), {
    type: 'screenshot',
    picture: {
      filename: storableId(filename),
      label: label === null ? null : storableId(label),
      takenAt: parseInstant(at) ?? 0,
      host: telling.file.host,
      sha256,
      mediaType,
      bytes,
      width,
      height,
    },
  });
  if (label !== null) {
    // While no report tells of steps, pictures do; whatever one tells counts more.
    const stamp = { at: 0, order: at };
    telling.register('phase', storableId(label), stamp);
    telling.register('currentStep', `Screenshot ${storableId(label)}`, stamp);
  }
  telling.active(at);
  telling.tellRegisters(at);
  return undefined;
}

/** The file is there, but its bytes were left out: an error of the run. */
function tellRefused(telling: Telling, filename: string, record: JsonObject): string | undefined {
  const line = elementLineSchema.safeParse(record);
  const refused = refusedAttachmentSchema.safeParse(line.data?.value);
  if (!refused.success) return undefined; // of a later version: not ours to read
  const at = takenAt(filename, refused.data.modifiedAt);
  telling.active(at);
  telling.say(at, {
    type: 'error',
    key: `e:ui-test:${storableId(`${telling.sessionId}:${filename}`)}:${refused.data.refused}`,
    kind: 'screenshot_refused',
    message: previewOf(messageOf(storableId(filename), refused.data), 500).preview,
  });
  return undefined;
}

/** Why a picture is not shown, in a sentence. */
export function messageOf(filename: string, { refused, bytes, limitBytes }: RefusedAttachment): string {
  return refused === 'too-large'
    ? `${filename} is not shown: it has ${bytes} bytes, more than the limit of ${limitBytes}`
    : `${filename} is not shown: it is no PNG, JPEG or WebP picture`;
}

/** Its name says when it was taken, to the second; a file's own time is that of its copy. */
function takenAt(filename: string, modifiedAt: number): number {
  const named = timeInName(filename);
  if (named === undefined) return Math.trunc(modifiedAt);
  const isExact = modifiedAt >= named && modifiedAt < named + 1000;
  return isExact ? Math.trunc(modifiedAt) : named;
}

function problemOf(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): string {
  return previewOf(
    `attachment: ${issue?.path.map(String).join('.') ?? '?'}: ${issue?.message ?? 'invalid'}`,
    200,
  ).preview;
}
