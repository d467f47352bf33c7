import { pushIdPrefix } from '@telltale/contracts';
import type { Observation } from '@telltale/domain';

/** Whether the source may speak of this session: ids of pushed ones are the gateway's to give. */
export function maySpeakOf(source: string, { sessionId }: Pick<Observation, 'sessionId'>): boolean {
  return source === 'push' || !sessionId.startsWith(pushIdPrefix);
}

export const takesPushedId = `ids that begin with ${pushIdPrefix} are those of pushed sessions`;
