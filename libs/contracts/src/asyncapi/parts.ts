import { z } from 'zod';

/** JSON Schema draft 7, which is what AsyncAPI 3 reads where no other format is named. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Turned into JSON Schema only where the document is made. */
export type PayloadSchema = z.ZodType | JsonSchema;

/** The JSON schema of what is sent. */
export function jsonSchemaOf(schema: PayloadSchema): JsonSchema {
  if (!(schema instanceof z.ZodType)) return schema;
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io: 'output',
    target: 'draft-7',
    unrepresentable: 'any',
  });
  return described;
}

/** A message on the wire. */
export interface MessagePart {
  readonly title: string;
  readonly summary: string;
  readonly contentType: string;
  readonly headers?: JsonSchema;
  readonly payload: PayloadSchema;
  /** The payload is lines, each as the schema says. */
  readonly payloadIsLines?: boolean;
}

/** A subject, or a socket event's namespace, with what travels on it. */
export interface ChannelPart {
  /** With `{parameter}` in place of a name. */
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly server: 'nats' | 'gateway';
  /** What Telltale does there: it sends, or takes what is sent to it. */
  readonly action: 'send' | 'receive';
  readonly parameters?: Readonly<Record<string, string>>;
  /** By name; a name means the same message everywhere. */
  readonly messages: Readonly<Record<string, MessagePart>>;
}

/** CloudEvents 1.0 in binary mode: an attribute a NATS header. */
export function cloudEventHeaders(type: string, more: Readonly<Record<string, string>> = {}): JsonSchema {
  const text = (description: string) => ({ type: 'string', description });
  return {
    type: 'object',
    required: ['ce-specversion', 'ce-id', 'ce-source', 'ce-type'],
    properties: {
      'ce-specversion': { const: '1.0' },
      'ce-id': text('Random, one for each message'),
      'ce-source': text('Who says so'),
      'ce-type': { const: type },
      'ce-time': text('ISO 8601, UTC'),
      ...Object.fromEntries(
        Object.entries(more).map(([name, description]) => [`ce-${name}`, text(description)]),
      ),
    },
  };
}
