import type { SearchQueryParameters } from '@telltale/contracts';
import { listConditions } from '../sessions/list-filters';
import { allOf, Statement } from '../sessions/statement';
import { behind, newestFirst, type SearchPlace } from './search-place';
import { filtersOf, type SearchScope } from './search-scope';
import type { FoundDocument } from './search-snippets';

/** A question to `search_document`. */
export interface Wanted {
  readonly tsquery: string;
  readonly parameters: SearchQueryParameters;
  readonly scope: SearchScope;
}

interface Sql {
  readonly text: string;
  readonly values: unknown[];
}

/** Candidates that are looked at one by one, newest first, before an index of words is asked. */
const walked = 3_000;

const columns = 'd.session_id, d.key, d.at::text as place';

/** Matches among few documents, `{session_id, key, place, total}`: all are found, a page of them is given. */
export function narrowPage(wanted: Wanted, place: SearchPlace | undefined, limit: number): Sql {
  const statement = new Statement();
  const where = [
    `d.tsv @@ ${statement.bind(wanted.tsquery)}::tsquery`,
    ...sessionConditions(wanted, statement),
  ];
  const text = `with found as materialized (
      select d.session_id, d.key, d.at from session s join search_document d on d.session_id = s.id where ${allOf(where)}
    )
    select ${columns}, (select count(*) from found)::integer as total from found d
    where ${allOf(behind(place, statement))} order by ${newestFirst} limit ${statement.bind(limit)}`;
  return { text, values: statement.values };
}

/**
 * Matches among the newest documents. Of a frequent word there are enough of them here, where the index of words
 * would have to give millions of places before the newest are known.
 */
export function recentPage(wanted: Wanted, place: SearchPlace | undefined, limit: number): Sql {
  const statement = new Statement();
  const candidates = [...withinScope(wanted.scope, statement), ...behind(place, statement)];
  const where = [
    `d.tsv @@ ${statement.bind(wanted.tsquery)}::tsquery`,
    ...sessionConditions(wanted, statement),
  ];
  const text = `select ${columns} from (
      select d.session_id, d.key, d.at, d.tsv from search_document d where ${allOf(candidates)}
      order by ${newestFirst} limit ${walked}
    ) d join session s on s.id = d.session_id
    where ${allOf(where)} order by ${newestFirst} limit ${statement.bind(limit)}`;
  return { text, values: statement.values };
}

export interface WholeRow {
  readonly documents: readonly FoundDocument[];
  readonly total: number;
}

/**
 * The newest of all matches, where these are fewer than `matches`; one row, a {@link WholeRow}. Which of them it looks at
 * is the index's choice: where there are as many, the page is none.
 */
export function wholePage(
  wanted: Wanted,
  place: SearchPlace | undefined,
  { limit, matches }: { readonly limit: number; readonly matches: number },
): Sql {
  const statement = new Statement();
  // Outside of what is asked of the index of words, so that nothing but that is used.
  const times = withinTimes(wanted.scope, statement);
  const where = [...sessionConditions(wanted, statement), ...times];
  const words = `select d.session_id, d.key, d.at from search_document d
    where d.tsv @@ ${statement.bind(wanted.tsquery)}::tsquery offset 0`;
  const text = `with found as materialized (
      select d.session_id, d.key, d.at from (${words}) d join session s on s.id = d.session_id
      where ${allOf(where)} limit ${statement.bind(matches)}
    )
    select (select count(*)::integer from found) as total, (select coalesce(json_agg(page), '[]') from (
      select ${columns} from found d where ${allOf(behind(place, statement))}
      order by ${newestFirst} limit ${statement.bind(limit)}
    ) page) as documents`;
  return { text, values: statement.values };
}

/** Where, and how much of it at once. */
export interface DaysWanted {
  readonly place: SearchPlace | undefined;
  /** Of matches. */
  readonly limit: number;
  /** Days with documents: at least two, or a search that goes on at a midnight would stay there. */
  readonly days: number;
}

export interface DailyRow {
  readonly documents: readonly FoundDocument[];
  /** How many days there were, and the first moment of the oldest. */
  readonly days: number;
  readonly until: string | null;
}

/**
 * Matches day by day, newest first, until there are enough: the day is a word of each document, so the index finds
 * the words within it, and no more rows are read than a day has matches. One row, a {@link DailyRow}.
 */
export function dailyPage(wanted: Wanted, { place, limit, days }: DaysWanted): Sql {
  const statement = new Statement();
  const daysWithDocuments = daysSql(wanted.scope, place, statement);
  const matches = matchesOfDay(wanted, place, statement);
  const most = statement.bind(limit);
  const where = sessionConditions(wanted, statement);
  const text = `${daysWithDocuments}, chosen as materialized (
      select day from days where day is not null limit ${statement.bind(days)}
    )
    select (select count(*)::integer from chosen) as days, (select min(day)::text from chosen) as until,
      (select coalesce(json_agg(found), '[]') from (
        select f.session_id, f.key, f.at::text as place from chosen as days cross join lateral (
          select d.session_id, d.key, d.at from (${matches}) d join session s on s.id = d.session_id
          where ${allOf([...where, ofThisDay])} order by ${newestFirst} limit ${most}
        ) f limit ${most}
      ) found) as documents`;
  return { text, values: statement.values };
}

/** How many matches there are in all, as `total`, at most `limit`. */
export function boundedCount(wanted: Wanted, limit: number): Sql {
  const statement = new Statement();
  const days = daysSql(wanted.scope, undefined, statement);
  const matches = matchesOfDay(wanted, undefined, statement);
  const where = allOf([...sessionConditions(wanted, statement), ofThisDay]);
  const text = `${days}
    select count(*)::integer as total from (
      select 1 from days cross join lateral (${matches}) d join session s on s.id = d.session_id
      where ${where} limit ${statement.bind(limit)}
    ) counted`;
  return { text, values: statement.values };
}

function sessionConditions({ parameters }: Wanted, statement: Statement): string[] {
  return listConditions(filtersOf(parameters), statement);
}

function withinScope({ to }: SearchScope, statement: Statement): string[] {
  return to === undefined ? [] : [`d.at <= ${statement.bind(to)}::timestamptz`];
}

function withinTimes({ from, to }: SearchScope, statement: Statement): string[] {
  return [
    ...(from === undefined ? [] : [`(d.at >= ${statement.bind(from)}::timestamptz or ${timeless})`]),
    ...(to === undefined ? [] : [`d.at <= ${statement.bind(to)}::timestamptz`]),
  ];
}

/** Documents without a time stand at the epoch, outside of every session's time. */
const timeless = "d.at < 'epoch'::timestamptz + interval '1 day'";

/** Outside of what is asked of the index of words, so that nothing but that is used. */
const ofThisDay = "d.at >= days.day and d.at < days.day + interval '1 day'";

/** Without `offset 0` the planner would walk the index of times for the few that are asked for. */
function matchesOfDay({ tsquery }: Wanted, place: SearchPlace | undefined, statement: Statement): string {
  const day = `('''@' || (extract(epoch from days.day) / 86400)::bigint || '''')::tsquery`;
  const where = [`d.tsv @@ (${statement.bind(tsquery)}::tsquery && ${day})`, ...behind(place, statement)];
  return `select d.session_id, d.key, d.at from search_document d where ${allOf(where)} offset 0`;
}

/** The days on which there are documents, newest first, each found by one look into the index. */
function daysSql({ from, to }: SearchScope, place: SearchPlace | undefined, statement: Statement): string {
  const startOfDay = "date_trunc('day', d.at, 'UTC')";
  const lastDay = (conditions: readonly string[]) =>
    `(select ${startOfDay} from search_document d where ${allOf(conditions)} order by d.at desc limit 1)`;
  const lower = from === undefined ? [] : [`d.at >= ${statement.bind(from)}::timestamptz`];
  const upper = [
    ...(to === undefined ? [] : [`d.at <= ${statement.bind(to)}::timestamptz`]),
    ...(place === undefined ? [] : [`d.at <= ${statement.bind(place[0])}::timestamptz`]),
  ];
  const before = 'd.at < days.day';
  return `with recursive days(day) as (
      select coalesce(${lastDay([...lower, ...upper])}, ${lastDay([timeless, ...upper])})
      union all
      select coalesce(${lastDay([...lower, before])}, ${lastDay([timeless, before])}) from days where days.day is not null
    )`;
}
