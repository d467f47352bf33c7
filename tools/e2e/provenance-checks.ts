import type { Provenance, ProvenanceFigure, ProvenanceItem, Session } from '@telltale/contracts';
import { closeSync, openSync, readSync } from 'node:fs';
import type { TelltaleProcess } from '../harness/telltale-process';

/** Every record behind a figure of a session, page by page. */
export async function recordsBehind(
  telltale: TelltaleProcess,
  id: string,
  figure?: ProvenanceFigure,
): Promise<ProvenanceItem[]> {
  const items: ProvenanceItem[] = [];
  const wanted = figure === undefined ? '' : `&figure=${figure}`;
  for (let cursor = ''; ;) {
    const path = `/api/sessions/${encodeURIComponent(id)}/provenance?limit=200${wanted}${cursor}`;
    const page = await telltale.get<Provenance>(path);
    items.push(...page.items);
    if (page.nextCursor === null) {
      if (items.length !== page.total)
        throw new Error(`${items.length} of ${page.total} records of ${id} came`);
      return items;
    }
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** A figure of the summary; null where it has none. */
export function figureOf({ stats }: Session, figure: ProvenanceFigure): number | null {
  if (figure === 'objectives') return stats.objectives.total;
  if (figure.startsWith('tokens.'))
    return stats.tokens[figure.slice('tokens.'.length) as keyof Session['stats']['tokens']];
  return stats[figure as Exclude<keyof Session['stats'], 'tokens' | 'objectives' | 'unpricedModels'>];
}

/** What the records that are counted come to: costs as whole pico-dollars, everything else as it is. */
export function sumOfCounted(items: readonly ProvenanceItem[], figure: ProvenanceFigure): number {
  const counted = items.filter(({ verdict }) => verdict === 'counted');
  if (!figure.endsWith('Usd')) return counted.reduce((sum, { value }) => sum + value, 0);
  const pico = counted.reduce((sum, { value }) => sum + BigInt(Math.round(value * 1e12)), 0n);
  return Number(pico) / 1e12;
}

/** The record that a byte range of a file holds. */
export function recordAt({ file, from, to }: ProvenanceItem): unknown {
  if (file === null || from === null || to === null) throw new Error('it has no byte range');
  const bytes = Buffer.alloc(to - from);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, bytes, 0, bytes.length, from);
  } finally {
    closeSync(opened);
  }
  return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
}
