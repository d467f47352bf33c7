import { relative, sep } from 'node:path';
import { claudeTranscript, type ClaudeTranscript } from '@telltale/domain';
import type { FileReading } from '../../tailing/file-reader';
import type { WatchedSource } from '../source';
import { RegistryReader } from './registry-reader';

/** How each kind of file is read; the others are left alone, `.key` files above all. */
const readings: Partial<Record<ClaudeTranscript['kind'], FileReading>> = {
  main: 'lines',
  agent: 'lines',
  'workflow-journal': 'lines',
  'agent-meta': 'document',
  'custom-title': 'document',
  'sessions-index': 'document',
  process: () => new RegistryReader(),
};

/** Holds spilled tool outputs: large, and nothing that is counted. */
const spilledOutputs = 'tool-results';

/** Claude Code's transcripts, below `projects` of each root, and its live registry in `sessions`. */
export function claudeCodeSource(roots: readonly string[]): WatchedSource {
  return {
    name: 'claude-code',
    roots,
    entersDirectory(root, directory) {
      const segments = relative(root, directory).split(sep);
      if (segments[0] === 'sessions') return segments.length === 1;
      return segments[0] === 'projects' && segments.at(-1) !== spilledOutputs;
    },
    describeFile(root, path) {
      const file = claudeTranscript(root, path);
      const reading = readings[file.kind];
      return reading && { reading, orderingKey: file.orderingKey };
    },
  };
}
