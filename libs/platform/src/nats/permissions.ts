import {
  bytesStreamName,
  factsStreamName,
  hostBytesFilter,
  hostFilter,
  ingestLagSubject,
  sources,
  subjectToken,
  watcherHeartbeatSubject,
} from '@telltale/contracts';
import type { NatsPermissions } from '../embedded/nats-config';
import { inboxPrefixes } from './inboxes';

/** What is pushed is the gateway's to say, also where it runs on a watcher's host. */
const watchedSources = sources.filter((source) => source !== 'push');

/**
 * A watcher writes its own host's facts and pictures and reads back its own facts, with an inbox of its own: it cannot
 * see another host's.
 */
export function watcherPermissions(host: string): NatsPermissions {
  const facts = hostFilter(host);
  return {
    publish: [
      ...watchedSources.map((source) => hostFilter(host, source)),
      hostBytesFilter(host),
      watcherHeartbeatSubject(host),
      `$JS.API.CONSUMER.CREATE.${factsStreamName}.*.${facts}`,
      `$JS.API.DIRECT.GET.${factsStreamName}.${facts}`,
    ],
    subscribe: [
      `${inboxPrefixes.watcher(host)}.>`,
      ingestLagSubject,
      `telltale.requests.watcher.${subjectToken(host)}.>`,
    ],
    answers: true,
  };
}

const streams = [factsStreamName, bytesStreamName];

/** What a service may ask JetStream about our streams, whoever it is: their settings, and single messages. */
const reading = [
  '$JS.API.INFO',
  ...streams.flatMap((stream) => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
  ]),
  // Readers of a range.
  `$JS.API.CONSUMER.CREATE.${factsStreamName}`,
  ...['CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map((what) => `$JS.API.CONSUMER.${what}.${factsStreamName}.>`),
];

/**
 * Ingest makes the streams, reads the log, says what changed, puts tombstones where a session was deleted and erases what lies before them. It cannot
 * remove a stream or change another one.
 */
export const ingestPermissions: NatsPermissions = {
  publish: [
    ...reading,
    ...streams.flatMap((stream) => [
      `$JS.API.STREAM.CREATE.${stream}`,
      `$JS.API.STREAM.UPDATE.${stream}`,
      // Message by message, overwritten on the disk: a purge would do for nothing but all at once.
      `$JS.API.STREAM.MSG.DELETE.${stream}`,
    ]),
    'telltale.facts.>',
    'telltale.live.>',
    ingestLagSubject,
  ],
  subscribe: [`${inboxPrefixes.ingest}.>`, 'telltale.requests.ingest.>'],
  answers: true,
};

/** The gateway writes pushed sessions and commands, reads the log, and hears what is live. What a tool wrote is not its to say. */
export const gatewayPermissions: NatsPermissions = {
  publish: [
    ...reading,
    'telltale.facts.*.push.>',
    'telltale.alerts.>',
    'telltale.control.>',
    'telltale.requests.>',
  ],
  subscribe: [
    `${inboxPrefixes.gateway}.>`,
    'telltale.live.>',
    'telltale.alerts.>',
    'telltale.control.>',
    'telltale.heartbeat.>',
  ],
};

/** Whoever looks on sees the live subjects and nothing else. */
export const readerPermissions: NatsPermissions = {
  publish: [],
  subscribe: ['telltale.live.>', 'telltale.alerts.>'],
};
