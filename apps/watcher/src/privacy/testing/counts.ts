import { decoderOf } from '@telltale/domain';
import { decodeSource, MemoryReadModel, type SourceFile } from '@telltale/domain/testing';

interface Shown {
  readonly sessions: readonly { readonly summary: Session; readonly detail: Detail }[];
  readonly rollups: unknown;
}
type Session = Record<
  'id' | 'source' | 'status' | 'startedAt' | 'lastActivityAt' | 'endedAt' | 'models' | 'parentId' | 'stats',
  unknown
> & {
  readonly activity: unknown;
};
type Detail = Record<'tokensByModel' | 'tools', unknown> & {
  readonly objectives: readonly { readonly status: string }[];
  readonly agents: readonly { readonly id: string; readonly status: string; readonly stats: unknown }[];
  readonly errors: readonly unknown[];
};

/** Every figure that transcripts come to; what people and tools said is no part of it. */
export function countsOf(files: readonly SourceFile[]): unknown {
  const model = new MemoryReadModel();
  let refused = 0;
  for (const file of files) {
    const decoder = decoderOf(file.source);
    if (decoder === undefined) throw new Error(`nobody reads ${file.source}`);
    const { observations, outcomes } = decodeSource(decoder, file);
    refused += outcomes.filter(({ ok }) => !ok).length;
    model.apply(observations, file.source);
  }
  const { sessions, rollups } = model.shown() as Shown;
  // One that has nothing but a title is shown nowhere.
  const active = sessions.filter(({ summary }) => summary.startedAt !== null);
  return { refused, rollups, sessions: active.map(figuresOf) };
}

function figuresOf({ summary, detail }: Shown['sessions'][number]): unknown {
  const { id, source, status, startedAt, lastActivityAt, endedAt, models, parentId, stats, activity } =
    summary;
  return {
    ...{ id, source, status, startedAt, lastActivityAt, endedAt, models, parentId, stats, activity },
    tokens: detail.tokensByModel,
    tools: detail.tools,
    objectives: detail.objectives.map((objective) => objective.status).sort(),
    agents: detail.agents.map((agent) => [agent.id, agent.status, agent.stats]),
    errors: detail.errors.length,
  };
}
