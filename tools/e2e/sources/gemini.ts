import * as fc from 'fast-check';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { countGemini, geminiLines, geminiSession } from '@telltale/domain/testing';
import { hasSamples, samples, truth } from '../samples';
import type { Expected, LaidOut } from './expected';

interface TrueChat {
  readonly session_id: string;
  readonly start: string;
  readonly messages: { readonly user?: number; readonly gemini?: number };
  readonly by_model: Readonly<
    Record<string, Record<'input' | 'output' | 'cached' | 'thoughts' | 'tool', number>>
  >;
  readonly tool_calls: Readonly<Record<string, number>>;
}

/** Generated chats in both formats; real ones and fixtures where they are at hand. */
export function layOutGemini(folder: string): LaidOut {
  const home = join(folder, 'gemini');
  const generated = fc.sample(geminiSession, { seed: 20260110, numRuns: 8 }).map((session, n): Expected => {
    const { path, root, lines } = geminiLines(session);
    const file = join(home, path.slice(root.length));
    mkdirSync(dirname(file), { recursive: true });
    if (n % 2 === 0) writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    else writeFileSync(file.replace(/l$/, ''), JSON.stringify({ ...session, projectHash: 'p' }, null, 2));
    const { prompts, answers, calls } = countGemini([session]);
    return { id: session.sessionId, prompts, messages: prompts + answers, toolCalls: calls };
  });
  if (hasSamples) layOutSamples(home);
  const sessions = [...generated, ...(hasSamples ? [...realChats(), ...fixtures] : [])];
  return { env: { GEMINI_HOME: home }, sessions, broken: 0 };
}

/** What the trimmed chats of other versions hold, counted by hand. */
const fixtures: readonly Expected[] = [
  { id: 'session-2026-01-16T18-34-3739ef95', prompts: 1, messages: 2 },
  { id: 'session-2025-12-16T23-47-b4f17607', prompts: 2, messages: 6 },
  { id: 'session-schema_drift', prompts: 1, messages: 2, title: 'Redacted session summary' },
  {
    id: 'gemini_stage0_jsonl',
    prompts: 1,
    messages: 3,
    toolCalls: 1,
    models: {
      'gemini-3-flash-preview': {
        tokens: { input: 12_422, output: 228, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 11_502 },
      },
    },
  },
];

function layOutSamples(home: string): void {
  cpSync(join(samples, 'gemini', 'tmp'), join(home, 'tmp'), { recursive: true });
  const from = join(samples, 'agent-fixtures', 'gemini');
  const to = join(home, 'tmp', 'fixtures', 'chats');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) cpSync(join(from, name), join(to, `session-${name}`));
}

function realChats(): Expected[] {
  return Object.values(truth<Readonly<Record<string, TrueChat>>>('gemini')).map((chat) => {
    const { user = 0, gemini = 0 } = chat.messages;
    return {
      id: chat.session_id,
      source: 'gemini',
      status: 'completed',
      startedAt: chat.start,
      prompts: user,
      messages: user + gemini,
      tools: chat.tool_calls,
      models: Object.fromEntries(
        Object.entries(chat.by_model).map(([name, { input, output, cached, thoughts, tool }]) => [
          name,
          {
            tokens: {
              input: input - cached + tool,
              output: output + thoughts,
              reasoning: thoughts,
              cacheRead: cached,
              cacheWrite5m: 0,
              cacheWrite1h: 0,
            },
          },
        ]),
      ),
      reportedCostUsd: null,
      unpricedModels: [],
    };
  });
}
