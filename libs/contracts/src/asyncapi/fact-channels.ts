import { attachmentLineSchema } from '../bytes/attachment';
import { bytesSubject } from '../bytes/subjects';
import { elementLineSchema, processGoneLineSchema } from '../facts/bodies';
import { factAttributesSchema, factTypes, type FactType } from '../facts/envelope';
import { pushedLineSchema } from '../facts/pushed';
import { factsSubjectRoot } from '../facts/subjects';
import { sources } from '../vocabulary';
import { cloudEventHeaders, type ChannelPart, type MessagePart, type PayloadSchema } from './parts';

const host = 'The host’s name, percent-encoded';
const fileText = { type: 'string', description: 'Whole lines, the file’s own bytes' };
const none = { type: 'string', maxLength: 0, description: 'Nothing: the headers say it all' };

/** What each attribute of a fact tells. */
const descriptions: Readonly<Record<string, string>> = {
  id: 'Names the fact for ever',
  source: 'Who says so: /watchers/<host> or /gateway',
  time: 'When the bytes were seen',
  path: 'The file’s path on its host',
  root: 'The configured folder below which it was found',
  generation: 'Random: byte ranges compare only within one',
  from: 'First byte of the range',
  to: 'End of the range, not in it',
  part: 'k/n of a line longer than one fact',
  identity: 'Device, inode and hash of the first bytes',
  tail: 'Hash of the bytes before `to`',
  cursor: 'How far a store was read',
  redacted: 'How many secrets were masked',
  seen: 'Epoch milliseconds at which the bytes were seen',
};

/** What a fact says, and what one line of its body is. */
const facts: Readonly<Record<FactType, { readonly summary: string; readonly line: PayloadSchema }>> = {
  'telltale.file.appended.v1': { summary: 'A file grew by these lines', line: fileText },
  'telltale.file.replaced.v1': {
    summary: 'Elements of a document changed',
    line: elementLineSchema,
  },
  'telltale.rows.changed.v1': { summary: 'Rows of a store changed', line: elementLineSchema },
  'telltale.attachment.added.v1': { summary: 'A picture was stored', line: attachmentLineSchema },
  'telltale.file.renamed.v1': { summary: 'A file has another path', line: none },
  'telltale.file.removed.v1': { summary: 'A file is gone', line: none },
  'telltale.process.gone.v1': {
    summary: 'A process of a live registry is no more',
    line: processGoneLineSchema,
  },
  'telltale.session.reported.v1': {
    summary: 'A program reported a session',
    line: pushedLineSchema,
  },
  'telltale.session.ended.v1': { summary: 'A program ended a session', line: pushedLineSchema },
  'telltale.session.deleted.v1': { summary: 'A session was deleted for good', line: { type: 'object' } },
};

/** The log, stream FACTS, and the bytes of pictures, stream BYTES. Not for those who look on. */
export const factChannels: Readonly<Record<string, ChannelPart>> = {
  facts: {
    address: `${factsSubjectRoot}.{partition}.{source}.{host}.{file}`,
    title: 'The log',
    description:
      'What happened to files, in order for each subject: the source of truth. Every publish carries ' +
      'Nats-Expected-Last-Subject-Sequence. For the services; watchers see their own host’s only.',
    server: 'nats',
    action: 'receive',
    parameters: {
      partition: '0 to 15, by a stable hash of the session or store',
      source: sources.join(', '),
      host,
      file: '16 hex digits: a stable hash of the path',
    },
    messages: Object.fromEntries(factTypes.map((type) => [nameOf(type), factMessage(type)])),
  },
  bytes: {
    address: bytesSubject({ host: 'h', sha256: 's', chunk: 0 }).replace('.h.s.0', '.{host}.{sha256}.{chunk}'),
    title: 'Bytes of pictures',
    description: 'Chunks of 256 KiB, each stored once.',
    server: 'nats',
    action: 'receive',
    parameters: { host, sha256: 'Of all of the picture’s bytes', chunk: 'From 0' },
    messages: {
      chunk: {
        title: 'Chunk',
        summary: 'A part of a picture',
        contentType: 'application/octet-stream',
        payload: { type: 'string', format: 'binary' },
      },
    },
  },
};

function factMessage(type: FactType): MessagePart {
  const { summary, line } = facts[type];
  const own = Object.keys(factAttributesSchema.shape).filter(
    (name) => !['specversion', 'type'].includes(name),
  );
  const described = Object.fromEntries(
    own.map((name) => [
      name,
      `${descriptions[name] ?? 'See the schema of facts'}; absent where it does not apply`,
    ]),
  );
  return {
    title: type,
    summary,
    contentType: 'application/x-ndjson',
    headers: cloudEventHeaders(type, described),
    payload: line,
    payloadIsLines: true,
  };
}

/** `telltale.file.appended.v1` → `fileAppended`. */
function nameOf(type: FactType): string {
  const [, thing = '', happened = ''] = type.split('.');
  return thing + happened.charAt(0).toUpperCase() + happened.slice(1);
}
