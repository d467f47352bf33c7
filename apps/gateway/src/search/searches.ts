import { Injectable } from '@nestjs/common';
import { searchTotalLimit, type SearchQueryParameters, type SearchResult } from '@telltale/contracts';
import { parseSearchQuery } from '@telltale/domain';
import { badRequest, problem, ProblemException } from '../problems/problem';
import { decodeCursor, encodeCursor } from '../sessions/cursor';
import { searchPlaceSchema, type SearchPlace } from './search-place';
import { isTimeout, SearchPools, searchTimeoutMs } from './search-pools';
import { scopeOf, filtersOf } from './search-scope';
import { SearchSnippets, type FoundDocument } from './search-snippets';
import { boundedCount, dailyPage, narrowPage, recentPage, type Wanted } from './search-sql';
import { tsqueryOf } from './tsquery';

type Total = Pick<SearchResult, 'total' | 'totalIsAtLeast'>;
interface Found extends Total {
  /** One more than the page holds, where there is one. */
  readonly documents: readonly FoundDocument[];
}

@Injectable()
export class Searches {
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
    const { documents, ...total } = await this.found(tsqueryOf(query), parameters, place);
    const page = documents.slice(0, parameters.limit);
    const last = page.at(-1);
    const isLast = documents.length <= parameters.limit || last === undefined;
    return {
      items: await this.snippets.of(page, query),
      ...total,
      nextCursor: isLast ? null : encodeCursor([last.place, last.session_id, last.key]),
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
    const counting = this.count(wanted, 0);
    const [documents, total] = await Promise.all([this.page(wanted, place), counting]);
    // It is counted beside the page: what came in between is there, too.
    return { documents, ...total, total: Math.max(total.total, documents.length) };
  }

  private async page(wanted: Wanted, place: SearchPlace | undefined): Promise<FoundDocument[]> {
    const most = wanted.parameters.limit + 1;
    const recent = recentPage(wanted, place, most);
    const { rows } = await this.pools.pages.query<FoundDocument>(recent.text, recent.values);
    if (rows.length === most) return rows;
    const daily = dailyPage(wanted, place, most);
    return (await this.pools.pages.query<FoundDocument>(daily.text, daily.values)).rows;
  }

  private async count(wanted: Wanted, known: number): Promise<Total> {
    const { text, values } = boundedCount(wanted, searchTotalLimit + 1);
    try {
      const { rows } = await this.pools.counts.query<{ total: number }>(text, values);
      const total = rows[0]?.total ?? 0;
      return total > searchTotalLimit ? { total: searchTotalLimit, totalIsAtLeast: true } : { total };
    } catch (error) {
      if (isTimeout(error)) return { total: known, totalIsAtLeast: true };
      throw error;
    }
  }
}

function tooLong(): ProblemException {
  const detail = `The search took longer than ${searchTimeoutMs / 1000} s. Ask for rarer words, or for fewer sessions.`;
  return new ProblemException(problem(504, detail));
}
