import { join } from 'node:path';
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
import { expectGoldenFile } from './testing/golden';

const folder = join(__dirname, '../golden');

const expectGolden = (name: string, value: unknown) => expectGoldenFile(join(folder, name), value);

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
  search: contracts.searchResultSchema,
  'search-query': contracts.searchQuerySchema,
  'message-list': contracts.messageListSchema,
  timeline: contracts.timelineSchema,
  provenance: contracts.provenanceSchema,
  'provenance-query': contracts.provenanceQuerySchema,
  'session-state-query': contracts.sessionStateQuerySchema,
  'analytics-summary': contracts.analyticsSummarySchema,
  'analytics-query': contracts.analyticsQuerySchema,
  comparison: contracts.comparisonSchema,
  'compare-query': contracts.compareQuerySchema,
  'session-export': contracts.sessionExportSchema,
  'session-export-query': contracts.sessionExportQuerySchema,
  'list-export-query': contracts.listExportQuerySchema,
  pipeline: contracts.pipelineSchema,
  'login-response': contracts.loginResponseSchema,
  problem: contracts.problemSchema,
  'service-status': contracts.serviceStatusSchema,
  'watcher-heartbeat': contracts.watcherHeartbeatSchema,
  'pushed-line': contracts.pushedLineSchema,
  'attachment-line': contracts.attachmentLineSchema,
  'refused-attachment': contracts.refusedAttachmentSchema,
  'screenshot-list': contracts.screenshotListSchema,
  'session-deleted-line': contracts.sessionDeletedLineSchema,
  deletion: contracts.deletionSchema,
  'quarantine-list': contracts.quarantineListSchema,
  'quarantine-query': contracts.quarantineQuerySchema,
  'quarantine-retry-request': contracts.quarantineRetryRequestSchema,
  'quarantine-retry': contracts.quarantineRetrySchema,
  'push-session': contracts.pushSessionRequestSchema,
  'push-chat': contracts.pushChatRequestSchema,
  'push-end': contracts.pushEndRequestSchema,
  pushed: contracts.pushedChatSchema,
  'budget-list': contracts.budgetListSchema,
  'budgets-put': contracts.budgetsPutSchema,
  alert: contracts.alertSchema,
  'alert-list': contracts.alertListSchema,
  'alert-query': contracts.alertQuerySchema,
  'api-token-create': contracts.createApiTokenRequestSchema,
  'api-token-created': contracts.createdApiTokenSchema,
  'password-change': contracts.changePasswordRequestSchema,
  'account-list': contracts.accountListSchema,
  'account-create': contracts.createAccountRequestSchema,
  'account-change': contracts.changeAccountRequestSchema,
  'sign-in-link': contracts.signInLinkSchema,
  'audit-list': contracts.auditListSchema,
  'audit-query': contracts.auditQuerySchema,
  'served-session-list': contracts.servedSessionListSchema,
  'served-session': contracts.servedSessionSchema,
  'earlier-test-run-frame': contracts.testRunFrameSchema,
  'earlier-claude-sessions-frame': contracts.claudeSessionsFrameSchema,
  'earlier-admin-sessions': contracts.adminSessionsSchema,
  'earlier-live-stats-frame': contracts.liveStatsFrameSchema,
  'earlier-session-live': contracts.sessionLiveSchema,
  'earlier-stats-live': contracts.statsLiveSchema,
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
