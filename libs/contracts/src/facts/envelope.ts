import { z } from 'zod';
import { tombstoneScopes } from './deleted';

/** Every fact type says what happened, in the past tense, with its version. */
export const factTypes = [
  'telltale.file.appended.v1',
  'telltale.file.replaced.v1',
  'telltale.rows.changed.v1',
  'telltale.attachment.added.v1',
  'telltale.file.renamed.v1',
  'telltale.file.removed.v1',
  'telltale.process.gone.v1',
  'telltale.session.reported.v1',
  'telltale.session.ended.v1',
  'telltale.session.deleted.v1',
] as const;
export const factTypeSchema = z.enum(factTypes);
export type FactType = z.infer<typeof factTypeSchema>;

/** What happened, without the prefix and the version: `file.appended`. */
export type FactKind = FactType extends `telltale.${infer Kind}.v${number}` ? Kind : never;

/** Undefined for a type or version that this build does not know. */
export function factKindOf(type: string): FactKind | undefined {
  const known = factTypes.find((name) => name === type);
  return known?.slice('telltale.'.length, known.lastIndexOf('.v')) as FactKind | undefined;
}

const count = z.coerce.number().int().nonnegative();
const partSchema = z
  .string()
  .regex(/^\d+\/\d+$/)
  .transform((text) => {
    const [k, n] = text.split('/').map(Number);
    return { k: k as number, n: n as number };
  })
  .refine(({ k, n }) => k >= 1 && k <= n && n <= 1_000_000, 'part k/n needs 1 <= k <= n');

/**
 * The attributes of a fact: CloudEvents 1.0 in binary mode, one NATS header each (`ce-<name>`).
 * `type` is open here: a type or version this build does not know parks its file instead of being lost.
 */
export const factAttributesSchema = z.object({
  specversion: z.literal('1.0'),
  /** Random, one per fact: names the fact for ever, also across incarnations of the log. */
  id: z.string().min(8).max(64),
  /** Who says so: `/watchers/<host>` or `/gateway`. */
  source: z.string().min(1),
  type: z.string().min(1),
  /** When the watcher saw the bytes. */
  time: z.string().min(1),
  /** The file's path on its host. */
  path: z.string().min(1),
  /** The configured root below which the file was found; the path's role is read relative to it. */
  root: z.string().default(''),
  /** Random id minted at a file's first fact and after truncation or replacement; byte ranges compare only within one. */
  generation: z.string().min(1),
  /** Byte range `[from, to)` within the generation. Of a part: the range of its own bytes. */
  from: count,
  to: count,
  /** `k/n` of a line longer than one fact. */
  part: partSchema.optional(),
  /** File identity for resuming: `<device>:<inode>:<hash of the first bytes>:<how many>`. */
  identity: z.string().optional(),
  /** Hash of up to 1 KiB before `to`: proves on resume that the file still is what was published. */
  tail: z.string().optional(),
  /** The watcher's own note of how far a store was read; nobody else reads it. */
  cursor: z.string().max(4096).optional(),
  /** How many secrets the watcher masked in the body; absent: none. */
  redacted: count.optional(),
  /** Of `session.deleted` on a file's subject. */
  scope: z.enum(tombstoneScopes).optional(),
  /** Epoch milliseconds with fraction at which the watcher saw the bytes; every hop adds its own time. */
  seen: z.coerce.number().nonnegative().optional(),
});
export type FactAttributes = z.infer<typeof factAttributesSchema>;

export const factHeaderPrefix = 'ce-';

/** Attributes as header pairs. Values are percent-encoded where they could hold more than printable ASCII. */
export function factHeaders(
  attributes: Omit<z.input<typeof factAttributesSchema>, 'part'> & { part?: string },
): [string, string][] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [factHeaderPrefix + name, encodeHeader(String(value))]);
}

/** Reads the attributes back from a header lookup; the failure names the attribute at fault. */
export function parseFactHeaders(
  lookup: (name: string) => string | undefined,
): { ok: true; attributes: FactAttributes } | { ok: false; reason: string } {
  const raw: Record<string, string> = {};
  for (const name of Object.keys(factAttributesSchema.shape)) {
    const value = lookup(factHeaderPrefix + name);
    if (value !== undefined && value !== '') raw[name] = decodeHeader(value);
  }
  const parsed = factAttributesSchema.safeParse(raw);
  if (parsed.success) return { ok: true, attributes: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    ok: false,
    reason: `header ${factHeaderPrefix}${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'invalid'}`,
  };
}

/** Header values may hold any text but line breaks; keep them printable ASCII. `%` escapes itself. */
function encodeHeader(value: string): string {
  return /[^\x20-\x7e]|%/.test(value)
    ? encodeURIComponent(value.toWellFormed()).replaceAll('%2F', '/')
    : value;
}

function decodeHeader(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not ours: the schema or the decoder says what is wrong with it
  }
}
