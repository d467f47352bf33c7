import type { TestGateway } from '../../testing/test-gateway';
import { SearchPools } from '../search-pools';
import { Searches } from '../searches';

const plentyMs = 100_000;

/**
 * Searches take as long as they need from now on: what is found within a second or two says more of the machine, and
 * of what else it does, than of the search. To be called before the first one, for connections are opened with it.
 */
export function giveAllTheTime({ app }: TestGateway): void {
  const { pages, counts } = app.get(SearchPools, { strict: false });
  for (const { options } of [pages, counts])
    options.options = options.options?.replace(/statement_timeout=\d+/, `statement_timeout=${plentyMs}`);
  app.get(Searches, { strict: false }).patienceMs = plentyMs;
}
