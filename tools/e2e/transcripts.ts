import {
  corpusPlan,
  countSlowly,
  renderCorpus,
  TranscriptWriter,
  type Corpus,
  type TranscriptFile,
} from '@telltale/domain/testing';
import * as fc from 'fast-check';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Some thirty sessions with subagents, forks, repeated and rising usage, and broken lines: always the same ones. */
export function someTranscripts(): Corpus {
  const plans = fc.sample(corpusPlan, { seed: 20260301, numRuns: 12 });
  return renderCorpus({ sessions: plans.flatMap(({ sessions }) => sessions) });
}

/** What they come to by the counting rules, worked out from the raw lines by code that shares nothing with the product's. */
export function trueTotals(transcripts: Corpus) {
  const sessions = [...countSlowly(transcripts).sessions.values()];
  const models = new Map<string, { input: number; output: number; cacheRead: number; cacheWrite: number }>();
  for (const [model, figures] of sessions.flatMap((session) => [...session.models])) {
    const sum = models.get(model) ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    models.set(model, {
      input: sum.input + figures.input,
      output: sum.output + figures.output,
      cacheRead: sum.cacheRead + figures.cacheRead,
      cacheWrite: sum.cacheWrite + figures.cacheWrite5m + figures.cacheWrite1h,
    });
  }
  return {
    messages: sessions.reduce((sum, { messages }) => sum + messages, 0),
    toolCalls: sessions.reduce((sum, { toolCalls }) => sum + toolCalls, 0),
    models,
  };
}

/** The same file in a project's folder of another name. */
export function movedTo(project: string, file: TranscriptFile): TranscriptFile {
  return { ...file, path: file.path.replace(/^projects\/[^/]+/, `projects/${project}`) };
}

/** A new session with all of a transcript's history copied, as `--fork-session` begins; undefined for a subagent's file. */
export function forkOf(file: TranscriptFile, n: number): TranscriptFile | undefined {
  const folder = dirname(file.path);
  if (/\/(?:agent-|.*\/subagents\/)/.test(file.path)) return undefined;
  const id = `f04c${String(n).padStart(4, '0')}-0000-4000-8000-000000000000`;
  const writer = new TranscriptWriter(`${folder}/${id}.jsonl`, id, 0);
  writer.copyFrom(file, Infinity, n % 2 === 0);
  return writer.file;
}

/** Below a root; appended where a file is there already. */
export function write(root: string, files: readonly TranscriptFile[]): void {
  for (const { path, lines } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    appendFileSync(join(root, path), lines.map((line) => `${line}\n`).join(''));
  }
}

/** All lines in pieces of a few, the files in turn and the last one first: each file's own order is kept. */
export function inAnotherOrder(files: readonly TranscriptFile[], pieceLines: number): TranscriptFile[] {
  const longest = Math.max(...files.map(({ lines }) => lines.length));
  const pieces: TranscriptFile[] = [];
  for (let from = 0; from < longest; from += pieceLines) {
    for (const file of files.toReversed()) {
      const lines = file.lines.slice(from, from + pieceLines);
      if (lines.length > 0) pieces.push({ ...file, lines });
    }
  }
  return pieces;
}
