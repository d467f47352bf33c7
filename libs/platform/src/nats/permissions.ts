import {
  factsStreamName,
  hostBytesFilter,
  hostFilter,
  ingestLagSubject,
  sources,
  subjectToken,
  watcherHeartbeatSubject,
} from '@telltale/contracts';
import type { NatsPermissions } from '../embedded/nats-config';

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
      `_INBOX_${subjectToken(host)}.>`,
      ingestLagSubject,
      `telltale.requests.watcher.${subjectToken(host)}.>`,
    ],
    answers: true,
  };
}

/** Whoever looks on sees the live subjects and nothing else. */
export const readerPermissions: NatsPermissions = {
  publish: [],
  subscribe: ['telltale.live.>', 'telltale.alerts.>'],
};
