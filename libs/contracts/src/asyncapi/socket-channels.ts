import { z } from 'zod';
import { newMessageFrameSchema, statFrameSchema } from '../earlier/live-stats';
import { optimizerEventNames } from '../earlier/optimizer';
import { deltaSchema } from '../live/delta';
import {
  liveNamespace,
  subscribeRequestSchema,
  unsubscribeRequestSchema,
  type ServerToClientEvents,
} from '../live/socket-events';
import { alertSchema } from '../rest/alerts';
import { messageSchema } from '../rest/message';
import { objectiveSchema } from '../rest/session';
import { screenshotSchema } from '../rest/test-run';
import { statusSchema, tokensSchema } from '../vocabulary';
import { type ChannelPart, type MessagePart } from './parts';

type Events = { [Name in keyof ServerToClientEvents]: Parameters<ServerToClientEvents[Name]>[0] };

const about = z.object({ sessionId: z.string(), timestamp: z.string() });
const text = z.string().nullable();
const outline = {
  projectName: text,
  phase: text,
  model: text,
  startTime: text,
  status: statusSchema.nullable(),
  title: text,
};
const changedOutline = {
  projectName: text.exactOptional(),
  phase: text.exactOptional(),
  model: text.exactOptional(),
  startTime: text.exactOptional(),
  status: statusSchema.nullable().exactOptional(),
  title: text.exactOptional(),
};
const newMessage = newMessageFrameSchema.omit({ message: true });
const messageBody = messageSchema.extend(newMessageFrameSchema.shape.message.omit({ author: true }).shape);

/** Of every event that a server sends: the compiler holds it to the typed event map. */
const events = {
  delta: { summary: 'Leads a room from one revision to the next', payload: deltaSchema },
  'session:start': { summary: 'A session began', payload: about.extend(outline) },
  'session:update': { summary: 'What of a session changed', payload: about.extend(changedOutline) },
  'session:objective': {
    summary: 'An objective was set or reached',
    payload: about.extend({ objective: objectiveSchema }),
  },
  'session:tokens': {
    summary: 'Tokens and cost so far',
    payload: about.extend({ tokens: tokensSchema, cost: z.number().nullable() }),
  },
  'session:tool': {
    summary: 'A tool was used, so often by now',
    payload: about.extend({ tool: z.string(), count: z.number() }),
  },
  'session:complete': {
    summary: 'A session ended',
    payload: about.extend({ status: z.enum(['completed', 'failed']) }),
  },
  'session:error': { summary: 'An error in a session', payload: about.extend({ error: z.string() }) },
  'session:deleted': { summary: 'A session was deleted for good', payload: about },
  'screenshot:added': {
    summary: 'A picture of a test run, new or changed',
    payload: about.extend({ screenshot: screenshotSchema }),
  },
  'alert:raised': {
    summary: 'A threshold was reached',
    payload: z.object({ alert: alertSchema, timestamp: z.string() }),
  },
  stat_update: {
    summary: 'One of the four figures changed; in the session’s room only',
    payload: about.extend(statFrameSchema.shape),
  },
  new_message: {
    summary: 'A message, new or changed; in the session’s room only',
    payload: about.extend({ ...newMessage.shape, message: messageBody }),
  },
} satisfies { [Name in keyof Events]: { summary: string; payload: z.ZodType<Events[Name]> } };

/** Socket.IO, namespace `/live`. */
export const socketChannels: Readonly<Record<string, ChannelPart>> = {
  liveSocket: {
    address: liveNamespace,
    title: 'What a server sends on the socket',
    description:
      'To the members of a room, in order of revision. With `auth.events: "delta"` only `delta`; else the other names ' +
      'beside it, in the words of earlier systems.',
    server: 'gateway',
    action: 'send',
    messages: Object.fromEntries(
      Object.entries(events).map(([name, { summary, payload }]) => [
        nameOf(name),
        message(name, summary, payload),
      ]),
    ),
  },
  everySession: {
    address: '/',
    title: 'What a server sends on the default namespace',
    description: 'Of all sessions, unasked, in the words of an earlier system.',
    server: 'gateway',
    action: 'send',
    messages: Object.fromEntries(
      optimizerEventNames.map((name) => [
        nameOf(name),
        message(name, events[name].summary, events[name].payload),
      ]),
    ),
  },
  liveRequests: {
    address: liveNamespace,
    title: 'What a client asks on the socket',
    description:
      'Acknowledged with `{revision, snapshot}`, `{revision, upToDate: true}` or `{error: {status, title}}`.',
    server: 'gateway',
    action: 'receive',
    messages: {
      subscribe: message('subscribe', 'Into a room, from a revision on', subscribeRequestSchema),
      unsubscribe: message('unsubscribe', 'Out of a room', unsubscribeRequestSchema),
    },
  },
};

function message(title: string, summary: string, payload: z.ZodType): MessagePart {
  return { title, summary, contentType: 'application/json', payload: payload };
}

/** `session:start` → `socketSessionStart`: names of components hold neither colons nor doubles. */
function nameOf(event: string): string {
  return `socket${event.replace(/(?:^|[:_])(.)/g, (_, letter: string) => letter.toUpperCase())}`;
}
