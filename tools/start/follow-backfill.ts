import { watcherHeartbeatSchema, watcherHeartbeatSubject } from '@telltale/contracts';
import { connectNats, type Logger } from '@telltale/platform';
import { BackfillProgress } from './backfill-progress';
import type { Terminal } from './terminal';

/** Shows this host's backfill in the terminal until it is over. At most once: it is only a display. */
export async function followBackfill(request: {
  natsUrl: string;
  hostName: string;
  terminal: Terminal;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { natsUrl, hostName, terminal, logger, signal } = request;
  const progress = new BackfillProgress(performance.now());
  const connection = await connectNats({ url: natsUrl, name: 'telltale-start', logger, signal });
  const close = () => void connection.close();
  signal.addEventListener('abort', close);
  for await (const message of connection.subscribe(watcherHeartbeatSubject(hostName))) {
    if (signal.aborted) break;
    const heartbeat = watcherHeartbeatSchema.safeParse(parse(message.string()));
    const line = heartbeat.success ? progress.on(heartbeat.data, performance.now()) : undefined;
    if (line?.kind === 'status') terminal.status(line.text);
    if (line?.kind !== 'done') continue;
    terminal.status('');
    terminal.line(line.text);
    break;
  }
  signal.removeEventListener('abort', close);
  await connection.close();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
