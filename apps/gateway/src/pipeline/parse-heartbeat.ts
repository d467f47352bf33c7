import { watcherHeartbeatSchema, watcherHeartbeatSubject, type WatcherHeartbeat } from '@telltale/contracts';

export type ParsedHeartbeat =
  | { readonly ok: true; readonly heartbeat: WatcherHeartbeat }
  | { readonly ok: false; readonly reason: string };

/** A watcher may speak on its own host's subject only: so a host is believed only on the subject of its name. */
export function parseHeartbeat(subject: string, text: string): ParsedHeartbeat {
  try {
    const { data, error } = watcherHeartbeatSchema.safeParse(JSON.parse(text));
    if (!data) return { ok: false, reason: error.issues[0]?.message ?? 'another shape' };
    if (watcherHeartbeatSubject(data.host) !== subject)
      return { ok: false, reason: 'another host’s subject' };
    return { ok: true, heartbeat: data };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }; // no JSON, or no name
  }
}
