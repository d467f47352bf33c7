import type { z } from 'zod';
import { adminSessionsSchema } from '../earlier/admin-sessions';
import { refreshedSchema, sessionDataListSchema } from '../earlier/claude-sessions';
import { sessionLiveSchema, statsLiveSchema } from '../earlier/live-stats';
import { alertListSchema } from '../rest/alerts';
import { analyticsSummarySchema } from '../rest/analytics';
import { apiTokenListSchema, createApiTokenRequestSchema, createdApiTokenSchema } from '../rest/api-tokens';
import { auditListSchema } from '../rest/audit';
import { loginRequestSchema, loginResponseSchema, signInRequestSchema, userSchema } from '../rest/auth';
import { budgetListSchema, budgetsPutSchema } from '../rest/budgets';
import { comparisonSchema } from '../rest/compare';
import { servedSessionListSchema, servedSessionSchema } from '../rest/earlier-fields';
import { deletionSchema } from '../rest/deletion';
import { sessionExportSchema } from '../rest/exports';
import { messageListSchema } from '../rest/message';
import { hostListSchema, pipelineSchema } from '../rest/pipeline';
import { problemSchema } from '../rest/problem';
import {
  pushChatRequestSchema,
  pushedChatSchema,
  pushedSchema,
  pushEndRequestSchema,
  pushSessionRequestSchema,
} from '../rest/push';
import {
  quarantineListSchema,
  quarantineRetryRequestSchema,
  quarantineRetrySchema,
} from '../rest/quarantine';
import { searchResultSchema } from '../rest/search';
import { sessionSchema } from '../rest/session';
import { sessionFacetsSchema } from '../rest/session-facets';
import { sessionListSchema } from '../rest/session-list';
import {
  agentListSchema,
  objectiveListSchema,
  provenanceSchema,
  timelineSchema,
  toolListSchema,
} from '../rest/session-parts';
import { screenshotListSchema } from '../rest/test-run';
import {
  accountListSchema,
  accountSchema,
  changeAccountRequestSchema,
  changePasswordRequestSchema,
  createAccountRequestSchema,
  signInLinkSchema,
} from '../rest/users';
import * as accounts from './accounts';
import { exampleProvenanceItem, exampleQuarantined, exampleSearchItem } from './log';
import * as earlier from './earlier';
import { examplePipeline } from './pipeline';
import * as push from './push';
import * as parts from './session-parts';
import { exampleMessage, exampleSession } from './sessions';
import * as settings from './settings';

const nextCursor = null;

/** An example of every shape that stands in a request or an answer, for the description of the API. */
export const describedExamples: readonly (readonly [z.ZodType, unknown])[] = [
  [loginRequestSchema, accounts.exampleLogin],
  [loginResponseSchema, accounts.exampleLoginResponse],
  [signInRequestSchema, accounts.exampleSignIn],
  [changePasswordRequestSchema, accounts.examplePasswordChange],
  [userSchema, { username: 'ada', role: 'admin' }],
  [accountSchema, accounts.exampleAccount],
  [accountListSchema, { items: [accounts.exampleAccount] }],
  [createAccountRequestSchema, accounts.exampleAccountToMake],
  [changeAccountRequestSchema, accounts.exampleAccountChange],
  [signInLinkSchema, accounts.exampleSignInLink],
  [apiTokenListSchema, { items: [accounts.exampleApiToken] }],
  [createApiTokenRequestSchema, accounts.exampleApiTokenToMake],
  [createdApiTokenSchema, accounts.exampleCreatedApiToken],
  [auditListSchema, { items: [accounts.exampleAuditEntry], nextCursor }],
  [sessionListSchema, parts.exampleSessionList],
  [servedSessionListSchema, earlier.exampleServedSessionList],
  [sessionSchema, exampleSession],
  [servedSessionSchema, earlier.exampleServedSession],
  [messageListSchema, { items: [exampleMessage], total: 1, nextCursor }],
  [timelineSchema, parts.exampleTimeline],
  [toolListSchema, parts.exampleToolList],
  [objectiveListSchema, parts.exampleObjectiveList],
  [agentListSchema, parts.exampleAgentList],
  [screenshotListSchema, parts.exampleScreenshotList],
  [sessionFacetsSchema, parts.exampleFacets],
  [analyticsSummarySchema, parts.exampleAnalytics],
  [comparisonSchema, settings.exampleComparison],
  [budgetListSchema, { items: [settings.exampleBudget] }],
  [budgetsPutSchema, settings.exampleBudgetsToPut],
  [alertListSchema, { items: [settings.exampleAlert], nextCursor }],
  [pipelineSchema, examplePipeline],
  [hostListSchema, { items: examplePipeline.watchers }],
  [searchResultSchema, { items: [exampleSearchItem], total: 1, nextCursor }],
  [provenanceSchema, { items: [exampleProvenanceItem], total: 1, nextCursor }],
  [sessionExportSchema, { session: exampleSession, messages: [exampleMessage] }],
  [deletionSchema, { id: exampleSession.id }],
  [quarantineListSchema, { items: [exampleQuarantined], total: 1, nextCursor }],
  [quarantineRetryRequestSchema, { file: exampleQuarantined.file }],
  [quarantineRetrySchema, { files: 1 }],
  [pushSessionRequestSchema, push.examplePushSession],
  [pushChatRequestSchema, push.examplePushChat],
  [pushEndRequestSchema, push.examplePushEnd],
  [pushedSchema, push.examplePushed],
  [pushedChatSchema, push.examplePushedChat],
  [
    adminSessionsSchema,
    {
      sessions: [earlier.exampleAdminSession],
      active: 1,
      total_messages: 3,
      most_recent_activity: '2026-06-01T10:00:03.000Z',
    },
  ],
  [sessionDataListSchema, [earlier.exampleSessionData]],
  [refreshedSchema, { success: true }],
  [sessionLiveSchema, earlier.exampleSessionLive],
  [statsLiveSchema, earlier.exampleStatsLive],
  [
    problemSchema,
    { type: 'about:blank', title: 'Bad Request', status: 400, detail: 'Too large.', field: 'limit' },
  ],
];
