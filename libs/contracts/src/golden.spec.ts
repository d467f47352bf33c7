import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import * as contracts from './index';
import {
  exampleDelta,
  exampleFact,
  exampleMessage,
  examplePushedLines,
  exampleSession,
  exampleSummary,
} from './testing/examples';

const folder = join(__dirname, '../golden');

/** What is on the wire is frozen here: a change shows as a diff of these files, made with UPDATE_GOLDEN=1. */
function expectGolden(name: string, value: unknown): void {
  const file = join(folder, name);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : `${name} is missing: run with UPDATE_GOLDEN=1`).toBe(
    text,
  );
}

const schemas = {
  'fact-attributes': contracts.factAttributesSchema,
  delta: contracts.deltaSchema,
  summary: contracts.summarySchema,
  session: contracts.sessionSchema,
  message: contracts.messageSchema,
  'session-list': contracts.sessionListSchema,
  'session-list-query': contracts.sessionListQuerySchema,
  'session-facets': contracts.sessionFacetsSchema,
  'session-facets-query': contracts.sessionFacetsQuerySchema,
  'message-list': contracts.messageListSchema,
  timeline: contracts.timelineSchema,
  'analytics-summary': contracts.analyticsSummarySchema,
  'analytics-query': contracts.analyticsQuerySchema,
  pipeline: contracts.pipelineSchema,
  'login-response': contracts.loginResponseSchema,
  problem: contracts.problemSchema,
  'service-status': contracts.serviceStatusSchema,
  'watcher-heartbeat': contracts.watcherHeartbeatSchema,
  'pushed-line': contracts.pushedLineSchema,
  'attachment-line': contracts.attachmentLineSchema,
  'refused-attachment': contracts.refusedAttachmentSchema,
  'screenshot-list': contracts.screenshotListSchema,
  'push-session': contracts.pushSessionRequestSchema,
  'push-chat': contracts.pushChatRequestSchema,
  'push-end': contracts.pushEndRequestSchema,
  pushed: contracts.pushedChatSchema,
  'api-token-create': contracts.createApiTokenRequestSchema,
  'api-token-created': contracts.createdApiTokenSchema,
};

describe('the wire', () => {
  it.each(Object.entries(schemas))('keeps the shape of %s', (name, schema) => {
    expectGolden(`schemas/${name}.json`, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  });

  it('keeps the samples, and its schemas take them as they are', () => {
    const samples: [string, z.ZodType, unknown][] = [
      ['summary', contracts.summarySchema, exampleSummary],
      ['session', contracts.sessionSchema, exampleSession],
      ['message', contracts.messageSchema, exampleMessage],
      ['delta', contracts.deltaSchema, exampleDelta],
    ];
    for (const [name, schema, sample] of samples) {
      expect(schema.parse(sample)).toEqual(sample);
      expectGolden(`samples/${name}.json`, sample);
    }
  });

  it('keeps the lines of pushed facts', () => {
    for (const line of examplePushedLines) expect(contracts.pushedLineSchema.parse(line)).toEqual(line);
    expectGolden('samples/pushed-lines.json', examplePushedLines);
  });

  it('keeps the headers of a fact, and reads back what it wrote', () => {
    const headers = contracts.factHeaders(exampleFact);
    expectGolden('samples/fact-headers.json', headers);
    const lookup = new Map(headers);
    const parsed = contracts.parseFactHeaders((name) => lookup.get(name));
    expect(parsed).toMatchObject({
      ok: true,
      attributes: { path: exampleFact.path, part: { k: 2, n: 3 }, from: 524288 },
    });
  });

  it('keeps subjects, partitions and the stream', () => {
    expectGolden('samples/subjects.json', {
      fact: contracts.factSubject({
        partition: contracts.partitionOf('3f1c'),
        source: 'claude-code',
        host: 'atlas.local',
        file: contracts.stableHash('/a'),
      }),
      host: contracts.hostFilter('höst *.>'),
      partitions: ['', 'a', 'b', 'session-1', '9d0e2b1c-0000-4000-8000-000000000001'].map((key) => [
        key,
        contracts.partitionOf(key),
      ]),
      session: contracts.liveSessionSubject('a b.c'),
      fleet: contracts.liveFleetSubject,
      alert: contracts.alertSubject('budget'),
      heartbeat: contracts.watcherHeartbeatSubject('atlas'),
      stream: contracts.factsStream,
    });
  });
});

describe('fact headers from outside', () => {
  it.each([
    ['specversion', '0.3'],
    ['from', '-1'],
    ['to', 'much'],
    ['part', '4/3'],
  ])('names %s when it is %s', (name, value) => {
    const lookup = new Map([...contracts.factHeaders(exampleFact), [`ce-${name}`, value]]);
    const parsed = contracts.parseFactHeaders((header) => lookup.get(header));
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining(`ce-${name}`) as string });
  });
});
