import { Injectable } from '@nestjs/common';
import { searchTotalLimit, type SearchQueryParameters, type SearchResult } from '@telltale/contracts';
import { parseSearchQuery } from '@telltale/domain';
import { badRequest, problem, ProblemException } from '../problems/problem';
import { decodeCursor, encodeCursor } from '../sessions/cursor';
import { searchPlaceSchema, type SearchPlace } from './search-place';
import { isTimeout, SearchPools, searchTimeoutMs } from './search-pools';
import { scopeOf, filtersOf } from './search-scope';
import { SearchSnippets, type FoundDocument } from './search-snippets';
import {
  boundedCount,
  dailyPage,
  narrowPage,
  recentPage,
  type DailyRow,
  wholePage,
  type DaysWanted,
  type Wanted,
  type WholeRow,
} from './search-sql';
import { tsqueryOf } from './tsquery';

type Total = Pick<SearchResult, 'total' | 'totalIsAtLeast'>;
interface Page {
  /** One more than the page holds, where there is one. */
  readonly documents: readonly FoundDocument[];
  /** Where the time was up before the page was full: the moment from which on all was searched. */
  readonly until?: string;
}
type Found = Page & Total;

/** Days with documents that are searched at once; more where that was quick. */
const firstDays = 8;
const quickMs = 150;

@Injectable()
export class Searches {
  /** A page that is not full by then is given as it is, with the place to go on at. */
  patienceMs = 2_000;

  constructor(
    private readonly pools: SearchPools,
    private readonly snippets: SearchSnippets,
  ) {}

  /** @throws ProblemException 400 for a question without a word or a bad cursor, 504 where it takes too long */
  async search(parameters: SearchQueryParameters): Promise<SearchResult> {
    const query = parseSearchQuery(parameters.q);
    if (query === undefined)
      throw badRequest('q', 'There is no word to look for. Each side of an or needs one without a minus.');
    const place =
      parameters.cursor === undefined
        ? undefined
        : decodeCursor(searchPlaceSchema, parameters.cursor, 'cursor');
    const { documents, until, ...total } = await this.found(tsqueryOf(query), parameters, place);
    const page = documents.slice(0, parameters.limit);
    const next = placeBehind(page, documents.length > parameters.limit, until);
    return {
      items: await this.snippets.of(page, query),
      ...total,
      ...(until === undefined ? {} : { searchedBackTo: new Date(until).toISOString() }),
      nextCursor: next === undefined ? null : encodeCursor(next),
    };
  }

  private async found(
    tsquery: string,
    parameters: SearchQueryParameters,
    place: SearchPlace | undefined,
  ): Promise<Found> {
    try {
      const scope = await scopeOf(this.pools.pages, filtersOf(parameters));
      if (scope === undefined) return { documents: [], total: 0 };
      const wanted = { tsquery, parameters, scope };
      return await (scope.isNarrow ? this.narrow(wanted, place) : this.broad(wanted, place));
    } catch (error) {
      if (isTimeout(error)) throw tooLong();
      throw error;
    }
  }

  private async narrow(wanted: Wanted, place: SearchPlace | undefined): Promise<Found> {
    const { text, values } = narrowPage(wanted, place, wanted.parameters.limit + 1);
    const { rows } = await this.pools.pages.query<FoundDocument & { total: number }>(text, values);
    const [first] = rows;
    if (first !== undefined || place === undefined) return { documents: rows, total: first?.total ?? 0 };
    // Nothing behind this cursor: the total is still that of all.
    return { documents: [], ...(await this.count(wanted, 0)) };
  }

  private async broad(wanted: Wanted, place: SearchPlace | undefined): Promise<Found> {
    const begun = performance.now();
    const most = wanted.parameters.limit + 1;
    const recent = recentPage(wanted, place, most);
    const { rows } = await this.pools.pages.query<FoundDocument>(recent.text, recent.values);
    if (rows.length === most) return { documents: rows, ...(await this.count(wanted, most)) };
    const whole = await this.whole(wanted, place, most);
    if (typeof whole === 'object') return whole;
    const page = await this.backwards(wanted, place, begun);
    const known = whole === 'many' ? searchTotalLimit : page.documents.length;
    return { ...page, total: known, totalIsAtLeast: true };
  }

  /**
   * All matches at once, where there are not `'many'`: the index intersects two words that are everywhere far quicker than
   * day by day. Undefined where that took too long.
   */
  private async whole(
    wanted: Wanted,
    place: SearchPlace | undefined,
    most: number,
  ): Promise<Found | 'many' | undefined> {
    const { text, values } = wholePage(wanted, place, { limit: most, matches: searchTotalLimit + 1 });
    try {
      const [row] = (await this.pools.counts.query<WholeRow>(text, values)).rows;
      if (!row || row.total > searchTotalLimit) return 'many';
      return row;
    } catch (error) {
      if (isTimeout(error)) return undefined;
      throw error;
    }
  }

  /** Some days after the other, as many as there is time for since `begun`: some in any case. */
  private async backwards(wanted: Wanted, from: SearchPlace | undefined, begun: number): Promise<Page> {
    const most = wanted.parameters.limit + 1;
    const documents: FoundDocument[] = [];
    let until: string | undefined;
    for (let days = firstDays; ;) {
      const started = performance.now();
      const place: SearchPlace | undefined = until === undefined ? from : [until, '', ''];
      const found = await this.days(wanted, { place, days, limit: most - documents.length });
      if (found === undefined) {
        if (until === undefined) throw tooLong();
        return { documents, until };
      }
      documents.push(...found.documents);
      if (documents.length >= most || found.days < days || found.until === null) return { documents };
      until = found.until;
      if (performance.now() - begun > this.patienceMs) return { documents, until };
      if (performance.now() - started < quickMs) days *= 4;
    }
  }

  /** Undefined where the server's time for it was up. */
  private async days(wanted: Wanted, some: DaysWanted): Promise<DailyRow | undefined> {
    const { text, values } = dailyPage(wanted, some);
    try {
      return (await this.pools.pages.query<DailyRow>(text, values)).rows[0];
    } catch (error) {
      if (isTimeout(error)) return undefined;
      throw error;
    }
  }

  private async count(wanted: Wanted, known: number): Promise<Total> {
    const { text, values } = boundedCount(wanted, searchTotalLimit + 1);
    try {
      const { rows } = await this.pools.counts.query<{ total: number }>(text, values);
      // It is counted behind the page: what went in between was there, too.
      const total = Math.max(known, rows[0]?.total ?? 0);
      return total > searchTotalLimit ? { total: searchTotalLimit, totalIsAtLeast: true } : { total };
    } catch (error) {
      if (isTimeout(error)) return { total: known, totalIsAtLeast: true };
      throw error;
    }
  }
}

function placeBehind(
  page: readonly FoundDocument[],
  hasMore: boolean,
  until: string | undefined,
): SearchPlace | undefined {
  const last = page.at(-1);
  if (hasMore && last !== undefined) return [last.place, last.session_id, last.key];
  return until === undefined ? undefined : [until, '', ''];
}

function tooLong(): ProblemException {
  const detail = `The search took longer than ${searchTimeoutMs / 1000} s. Ask for rarer words, or for fewer sessions.`;
  return new ProblemException(problem(504, detail));
}
