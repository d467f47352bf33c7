import { accessChangeSchema, accessChangesSubject } from '../live/access-change';
import { ingestStatusPattern } from '../requests/service-status';
import { headsRequestSchema, headsRequestSubject, headsSubject } from '../requests/watcher-heads';
import {
  ingestLagSchema,
  ingestLagSubject,
  watcherHeartbeatSchema,
  watcherHeartbeatSubject,
} from '../requests/watcher-heartbeat';
import { type ChannelPart, type MessagePart } from './parts';

const json = 'application/json';
const statusRequest: MessagePart = {
  title: 'Status, please',
  summary: 'In Nest’s envelope; answered on the reply subject by `{response}`',
  contentType: json,
  payload: {
    type: 'object',
    required: ['pattern', 'id'],
    properties: { pattern: { type: 'string' }, data: {}, id: { type: 'string' } },
  },
};

/** How the services find each other. Not for those who look on. */
export const requestChannels: Readonly<Record<string, ChannelPart>> = {
  watcherHeartbeat: {
    address: watcherHeartbeatSubject('x').replace(/x$/, '{host}'),
    title: 'Watchers live',
    description: 'Every 2 s: what a watcher watches, and how far it is.',
    server: 'nats',
    action: 'receive',
    parameters: { host: 'The host’s name, percent-encoded' },
    messages: {
      watcherHeartbeat: {
        title: 'Heartbeat',
        summary: 'What a watcher watches',
        contentType: json,
        payload: watcherHeartbeatSchema,
      },
    },
  },
  ingestLag: {
    address: ingestLagSubject,
    title: 'How far ingest lags',
    description: 'Watchers hold their backlog back by it.',
    server: 'nats',
    action: 'send',
    messages: {
      ingestLag: {
        title: 'Lag',
        summary: 'Bytes that wait',
        contentType: json,
        payload: ingestLagSchema,
      },
    },
  },
  accessChanges: {
    address: accessChangesSubject,
    title: 'Changed access',
    description: 'Replicas of the gateway tell each other whose credentials are to be looked at again.',
    server: 'nats',
    action: 'send',
    messages: {
      accessChange: {
        title: 'Access changed',
        summary: 'Of a user, or of one token',
        contentType: json,
        payload: accessChangeSchema,
      },
    },
  },
  headsRequest: {
    address: headsRequestSubject('x').replace(/x$/, '{host}'),
    title: 'Heads, please',
    description:
      'A watcher asks where its host’s files are in the log. One replica answers with how many heads come.',
    server: 'nats',
    action: 'receive',
    parameters: { host: 'The host’s name, percent-encoded' },
    messages: {
      headsRequest: {
        title: 'Heads, please',
        summary: 'Under which name the watcher listens for them',
        contentType: json,
        payload: headsRequestSchema,
      },
    },
  },
  heads: {
    address: headsSubject('x', '{reading}').replace('.x.', '.{host}.'),
    title: 'Heads of a host',
    description:
      'The last fact of each of its subjects, headers only, as JetStream delivers them. For its watcher alone.',
    server: 'nats',
    action: 'send',
    parameters: { host: 'The host’s name, percent-encoded', reading: 'As the request named it' },
    messages: {
      head: {
        title: 'Head',
        summary: 'The headers of a fact',
        contentType: json,
        payload: { type: 'null' },
      },
    },
  },
  ingestStatus: {
    address: ingestStatusPattern,
    title: 'Status of ingest',
    description: 'A request that every replica answers.',
    server: 'nats',
    action: 'receive',
    messages: { statusRequest },
  },
  watcherStatus: {
    address: 'telltale.requests.watcher.{host}.status',
    title: 'Status of a watcher',
    description: 'A request that the host’s watcher answers.',
    server: 'nats',
    action: 'receive',
    parameters: { host: 'The host’s name, percent-encoded' },
    messages: { statusRequest },
  },
};
