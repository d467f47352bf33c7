import { randomUUID } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  deletedPathPrefix,
  factHeaders,
  factSubject,
  partitionOf,
  pushIdPrefix,
  stableHash,
  type Source,
} from '@telltale/contracts';

/** Commands that a session be deleted, as the gateway does. */
export async function deleteSession(nats: NatsConnection, session: string, source: Source): Promise<void> {
  const at = new Date().toISOString();
  const body = `${JSON.stringify({ kind: 'deleted', at, session, source })}\n`;
  const path = session.startsWith(pushIdPrefix) ? session : deletedPathPrefix + session;
  const event = headers();
  const attributes = factHeaders({
    specversion: '1.0',
    id: randomUUID(),
    source: '/gateway',
    type: 'telltale.session.deleted.v1',
    time: at,
    path,
    generation: randomUUID(),
    from: 0,
    to: body.length,
  });
  for (const [name, value] of attributes) event.set(name, value);
  const place = { partition: partitionOf(path), source: 'push', host: 'gateway-host' } as const;
  const subject = factSubject({ ...place, file: stableHash(path) });
  await jetstream(nats).publish(subject, body, { headers: event });
}
