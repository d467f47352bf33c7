import * as fc from 'fast-check';
import { TranscriptWriter, type TranscriptFile } from './transcript-writer';
import {
  corpusPlan,
  type AgentPlan,
  type CorpusPlan,
  type EventPlan,
  type SessionPlan,
  type TurnPlan,
} from './plan';

export type { TranscriptFile } from './transcript-writer';

/** 2026-03-01T09:00:00Z */
const beginning = Date.UTC(2026, 2, 1, 9);

/** A folder of transcripts below `projects/`, whole. */
export type Corpus = readonly TranscriptFile[];

/** Transcripts as they could lie below a Claude Code root. */
export const corpus: fc.Arbitrary<Corpus> = corpusPlan.map(renderCorpus);

export function renderCorpus(plan: CorpusPlan): Corpus {
  const files: TranscriptFile[] = [];
  let previous: TranscriptFile | undefined;
  plan.sessions.forEach((session, index) => {
    const rendered = renderSession(session, index, previous);
    files.push(...rendered);
    previous = rendered[0];
  });
  return files.filter((file) => file.lines.length > 0);
}

function renderSession(
  plan: SessionPlan,
  index: number,
  previous: TranscriptFile | undefined,
): TranscriptFile[] {
  const sessionId = `5e55${index}000-0000-4000-8000-00000000000${index}`;
  const folder = 'projects/-home-dev-shop';
  const main = new TranscriptWriter(
    `${folder}/${sessionId}.jsonl`,
    sessionId,
    beginning + plan.startsAfter * 60_000,
  );
  if (plan.forks !== null && previous !== undefined) main.copyFrom(previous, plan.forks, plan.saysForkedFrom);
  const rest: TranscriptFile[] = [];
  plan.events.forEach((event, n) => rest.push(...renderEvent(main, event, `${index}x${n}`)));
  return [main.file, ...rest];
}

/** Writes one event; gives back the other files it made. */
function renderEvent(main: TranscriptWriter, event: EventPlan, name: string): TranscriptFile[] {
  switch (event.kind) {
    case 'turn':
      return renderTurn(main, event, name);
    case 'agent':
      return renderAgent(main, event, name);
    case 'prompt':
      main.prompt(event.text, event.inBlocks);
      return [];
    case 'state':
      main.state(event.record);
      return [];
    case 'todos':
      main.todos(event.done, event.open, name);
      return [];
    case 'malformed':
      main.file.lines.push(event.line);
      return [];
    default:
      main.notice(event.kind);
      return [];
  }
}

function renderTurn(writer: TranscriptWriter, turn: TurnPlan, name: string): TranscriptFile[] {
  writer.turn(turn, `msg_${name}`, `req_${name}`);
  if (turn.secondRequest) writer.turn({ ...turn, output: turn.output + 7 }, `msg_${name}`, `req_${name}b`);
  if (!turn.replayedBySidechain || turn.nameless) return [];
  const replay = writer.agentFile(`replay${name}`, 'own-file');
  replay.turn({ ...turn, output: turn.output + 1000 }, `msg_${name}`, `req_${name}side`);
  return [replay.file];
}

function renderAgent(main: TranscriptWriter, { layout, turns }: AgentPlan, name: string): TranscriptFile[] {
  const agentId = `a9e47${name}`;
  const launched = main.launchAgent(agentId);
  const own = layout === 'progress' ? undefined : main.agentFile(agentId, layout);
  turns.forEach((turn, n) => {
    const ids = [`msg_${name}s${n}`, `req_${name}s${n}`] as const;
    const lines = own?.turn(turn, ...ids);
    if (layout === 'progress') main.progressTurn(turn, ids, { agentId, toolUseId: launched });
    if (layout === 'own-file-and-progress') main.progress(lines ?? [], { agentId, toolUseId: launched });
  });
  main.agentDone(agentId, launched);
  return own === undefined ? [] : [own.file];
}
