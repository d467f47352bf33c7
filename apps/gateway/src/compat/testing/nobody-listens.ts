import { eventually } from '@telltale/platform/testing';
import type { TestGateway } from '../../testing/test-gateway';
import { SessionChanges } from '../changes/session-changes';
import { StatCards } from '../stat-cards';

/**
 * The gateway knows that all its earlier clients have gone, and has forgotten what it told them: the next test's rows
 * begin anew, with revisions that were there before.
 */
export async function nobodyListens({ app }: TestGateway): Promise<void> {
  const listeners = Reflect.get(app.get(SessionChanges), 'listeners') as ReadonlySet<unknown>;
  const watched = Reflect.get(app.get(StatCards), 'watched') as ReadonlyMap<string, unknown>;
  await eventually(() => expect([listeners.size, watched.size]).toEqual([0, 0]), { timeoutMs: 60_000 });
}
