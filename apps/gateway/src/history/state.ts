import { Inject, Injectable } from '@nestjs/common';
import { withEarlierFields, type ServedSession } from '@telltale/contracts';
import { isVisible, viewOf } from '@telltale/domain';
import { CLOCK, type Clock } from '../connections';
import { notFound } from '../problems/problem';
import { Replays } from './replays';

/** A session as it was. */
@Injectable()
export class SessionStates {
  constructor(
    private readonly replays: Replays,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Epoch ms: the future is not known yet. */
  moment(at: string): number {
    return Math.min(Date.parse(at), this.clock());
  }

  /**
   * @param at epoch ms
   * @throws ProblemException 404 for an unknown session and for the time before it began, 413, 503
   */
  async at(id: string, at: number, signal: AbortSignal): Promise<ServedSession> {
    const { replay, revision } = await this.replays.of(id, signal);
    const state = replay.stateAt(at);
    if (!isVisible(state))
      throw notFound(`The session ${JSON.stringify(id)} had not begun at ${new Date(at).toISOString()}.`);
    const { summary, detail } = viewOf(state, at);
    return withEarlierFields({ ...summary, ...detail, revision });
  }
}
