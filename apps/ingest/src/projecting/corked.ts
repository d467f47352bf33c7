import type { ClientBase } from 'pg';

interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Sends all queries that `queue` queues as one packet instead of one each; what it returns is what comes back. */
export function corked<T>(client: ClientBase, queue: () => T): T {
  const stream = streamOf(client);
  stream?.cork();
  try {
    return queue();
  } finally {
    stream?.uncork();
  }
}

/** The socket behind a client, which pg does not type; undefined where a later version hides it. */
function streamOf(client: ClientBase): Corkable | undefined {
  const connection: unknown = 'connection' in client ? client.connection : undefined;
  if (typeof connection !== 'object' || connection === null || !('stream' in connection)) return undefined;
  const { stream } = connection;
  return isCorkable(stream) ? stream : undefined;
}

function isCorkable(stream: unknown): stream is Corkable {
  return typeof stream === 'object' && stream !== null && 'cork' in stream && 'uncork' in stream;
}
