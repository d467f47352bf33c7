import { pushIdPrefix } from '@telltale/contracts';
import type { Observation } from '../observation';

/** Whether the source may speak of this session: ids of pushed ones are the gateway's to give. */
export function maySpeakOf(source: string, { sessionId }: Pick<Observation, 'sessionId'>): boolean {
  return source === 'push' || !sessionId.startsWith(pushIdPrefix);
}

/** Why a line of another source that speaks of one cannot be read. */
export const takesPushedId = `ids that begin with ${pushIdPrefix} are those of pushed sessions`;
