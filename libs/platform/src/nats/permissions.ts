import {
  bytesStreamName,
  factsStreamName,
  headsRequestSubject,
  hostBytesFilter,
  hostFilter,
  hostHeadsFilter,
  ingestLagSubject,
  sources,
  subjectToken,
  watcherHeartbeatSubject,
} from '@telltale/contracts';
import type { NatsAccount, NatsPermissions, NatsUser } from '../embedded/nats-config';
import { inboxPrefixes } from './inboxes';

/** What is pushed is the gateway's to say, also where it runs on a watcher's host. */
const watchedSources = sources.filter((source) => source !== 'push');

/** What a watcher says of its host, has stored, and asks of its files' place in the log. */
function watcherAsks(host: string): string[] {
  return [
    ...watchedSources.map((source) => hostFilter(host, source)),
    hostBytesFilter(host),
    `$JS.API.DIRECT.GET.${factsStreamName}.${hostFilter(host)}`,
    headsRequestSubject(host),
    watcherHeartbeatSubject(host),
  ];
}

const watcherHears = (host: string) => [ingestLagSubject, hostHeadsFilter(host)];
const watcherAnswers = (host: string) => [`telltale.requests.watcher.${subjectToken(host)}.>`];

/**
 * A watcher writes its own host's facts and pictures and reads back its own facts, with an inbox of its own: it cannot
 * see another host's. It makes no consumers: whoever does names the subject that the server delivers to.
 */
export function watcherPermissions(host: string): NatsPermissions {
  return {
    publish: watcherAsks(host),
    subscribe: [`${inboxPrefixes.watcher(host)}.>`, ...watcherHears(host), ...watcherAnswers(host)],
    answers: true,
  };
}

/**
 * A host's watcher in an account of its own. Its requests may name any subject for their answers, as all may; there the
 * server's answers end in this account, and cannot pass for somebody else's facts, for deltas or for commands to the server.
 */
export function watcherAccount(host: string, user: Omit<NatsUser, 'permissions'>): NatsAccount {
  return {
    name: `WATCHER_${subjectToken(host)}`,
    users: [{ ...user, permissions: watcherPermissions(host) }],
    asks: watcherAsks(host),
    answers: watcherAnswers(host),
    hears: watcherHears(host),
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
];

/**
 * Ingest makes the streams, reads the log, tells watchers the heads of their hosts, says what changed, puts tombstones
 * where a session was deleted and erases what lies before them. It cannot remove a stream or change another one by asking
 * for it; but it makes consumers, which deliver to any subject, and so it is in the account that has the streams.
 */
export const ingestPermissions: NatsPermissions = {
  publish: [
    ...reading,
    // Readers of a range.
    `$JS.API.CONSUMER.CREATE.${factsStreamName}`,
    ...['CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map(
      (what) => `$JS.API.CONSUMER.${what}.${factsStreamName}.>`,
    ),
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

/**
 * The gateway writes pushed sessions and commands, reads the log message by message, and hears what is live. What a tool
 * wrote is not its to say.
 */
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
