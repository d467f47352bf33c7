import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createLogger, type Logger } from '../logs/logger';
import { natsServers } from './servers';

export interface NatsConnectionRequest {
  /** One URL or a comma list; user and password may stand in it. */
  readonly url: string;
  /** How the connection is called in the server's monitoring. */
  readonly name: string;
  /** Where NATS permissions allow only an inbox of one's own. */
  readonly inboxPrefix?: string;
  /** Ends the waiting for the first connection. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

const reconnectDelayMs = () => 100 + Math.random() * 1900;

/**
 * Connects, however long the server takes to come up, and reconnects for ever after.
 *
 * @throws the signal's reason when aborted before the first connection
 */
export async function connectNats(request: NatsConnectionRequest): Promise<NatsConnection> {
  const logger = request.logger ?? createLogger(request.name);
  let lastProblem = '';
  for (;;) {
    request.signal?.throwIfAborted();
    try {
      return watchStatus(await open(request), logger);
    } catch (error) {
      // Whatever the reason (not up yet, wrong password, name not resolved): it may be cured while we wait.
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== lastProblem) logger.warn('NATS cannot be reached yet', { url: request.url, problem });
      lastProblem = problem;
    }
    await pause(reconnectDelayMs(), request.signal);
  }
}

function open(request: NatsConnectionRequest): Promise<NatsConnection> {
  const { servers, user, pass, tls } = natsServers(request.url);
  return connect({
    servers,
    name: request.name,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: reconnectDelayMs,
    // A server that restarts may refuse for a moment; giving up for ever is never what we want.
    ignoreAuthErrorAbort: true,
    timeout: 5000,
    pingInterval: 20_000,
    // A trace of who asked, made for each request in case it fails, is a sixth of what a request costs.
    noAsyncTraces: true,
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
    ...(tls ? { tls: {} } : {}),
    ...(request.inboxPrefix === undefined ? {} : { inboxPrefix: request.inboxPrefix }),
  });
}

function watchStatus(connection: NatsConnection, logger: Logger): NatsConnection {
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect')
        logger.warn('NATS connection lost, reconnecting', { server: status.server });
      else if (status.type === 'reconnect') logger.info('NATS connection is back', { server: status.server });
      else if (status.type === 'error')
        logger.warn('NATS reports an error', { problem: status.error.message });
      else if (status.type === 'slowConsumer')
        logger.warn('NATS subscription is slow', { pending: status.pending });
    }
  })();
  return connection;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
