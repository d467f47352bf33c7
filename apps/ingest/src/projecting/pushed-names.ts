import { pushIdPrefix } from '@telltale/contracts';

export { maySpeakOf } from '@telltale/domain';

export const takesPushedId = `ids that begin with ${pushIdPrefix} are those of pushed sessions`;
