import specs from '@asyncapi/specs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectGoldenFile } from '../testing/golden';
import { exampleDelta } from '../testing/examples';
import { factTypes } from '../facts/envelope';
import { asyncApiDocument } from './document';

const root = join(__dirname, '../../../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const document = asyncApiDocument({
  version,
  servers: { nats: '127.0.0.1:4222', gateway: '127.0.0.1:4400' },
});

interface Document {
  readonly channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  readonly operations: Record<string, { channel: { $ref: string }; messages: { $ref: string }[] }>;
  readonly components: { messages: Record<string, { title: string; payload: object }> };
}
const { channels, operations, components } = document as unknown as Document;

function compiled(schema: object): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

it('is a valid AsyncAPI 3 document', () => {
  const validate = compiled(specs.schemas['3.0.0']);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
});

it('says of nothing that is no document that it is one', () => {
  const validate = compiled(specs.schemas['3.0.0']);
  expect(validate({ ...document, channels: { a: { address: 7 } } })).toBe(false);
});

it('leads each reference somewhere', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(refs.length).toBeGreaterThan(20);
  for (const ref of refs) {
    const found = ref
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
    expect({ ref, found: found !== undefined }).toEqual({ ref, found: true });
  }
});

it('names each parameter of an address, and uses each channel', () => {
  for (const [name, channel] of Object.entries(channels)) {
    const named = [...channel.address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    expect(Object.keys((channel as { parameters?: object }).parameters ?? {})).toEqual(named);
    expect(operations[name]?.channel.$ref).toBe(`#/channels/${name}`);
  }
});

it('has a message for each type of fact', () => {
  const titles = Object.keys(channels['facts']?.messages ?? {}).map(
    (name) => components.messages[name]?.title,
  );
  expect(titles).toEqual([...factTypes]);
});

it('describes a delta so that a delta is valid, and what is none is not', () => {
  const validate = compiled(components.messages['delta']?.payload ?? {});
  expect(validate(exampleDelta)).toBe(true);
  expect(validate({ ...exampleDelta, to: 7 })).toBe(false);
});

it('is the one that stands in docs', () => {
  expectGoldenFile(join(root, 'docs/asyncapi.json'), document);
});
