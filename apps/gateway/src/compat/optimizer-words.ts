import {
  optimizerEventNames,
  type Delta,
  type OptimizerEvents,
  type Session,
  type SessionEvent,
  type SessionOutline,
} from '@telltale/contracts';
import { earlierEvents, type EarlierEvent } from '../live/earlier-words';

export interface OptimizerEvent {
  readonly name: keyof OptimizerEvents;
  readonly payload: object;
}

/** What the default namespace says of a delta: the same events as beside the deltas, but these and in these words only. */
export function optimizerEvents(delta: Delta): OptimizerEvent[] {
  return earlierEvents(delta)
    .filter(isKnown)
    .map((event) => ({
      name: event.name,
      payload: event.name === 'session:start' ? withoutTitle(event.payload) : event.payload,
    }));
}

/** What it says of a session as it is now, to who missed what came before. Values are absolute: said twice is no harm. */
export function optimizerState(
  session: Session,
  about: { readonly isNew: boolean; readonly at: string },
): OptimizerEvent[] {
  const { id, revision } = session;
  const delta: Delta = {
    room: `session:${id}`,
    sessionId: id,
    from: about.isNew ? null : revision,
    to: revision,
    at: about.at,
    changes: session,
  };
  return optimizerEvents(delta);
}

type Known = Extract<EarlierEvent, { readonly name: keyof OptimizerEvents }>;

function isKnown(event: EarlierEvent): event is Known {
  return optimizerEventNames.some((name) => name === event.name);
}

function withoutTitle({ title: _, ...payload }: SessionEvent & SessionOutline): object {
  return payload;
}
