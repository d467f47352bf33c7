import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewOf } from '../../projecting';
import { decodeSource, MemoryReadModel } from '../../testing';
import { hasSamples, samplesFolder } from '../../testing/samples';
import { uiTestDecoder } from './decoder';

const root = join(samplesFolder, 'uitest/results');
const folder = 'session_1762316690033';

if (hasSamples) {
  describe('a real run', () => {
    it('is read as its tool meant it, also where two of its fields hold something else', () => {
      const path = join(root, folder, 'output.json');
      const lines = [readFileSync(path, 'utf8').replaceAll('\n', ' ')];
      const model = new MemoryReadModel();
      const { outcomes, observations } = decodeSource(uiTestDecoder, {
        source: 'ui-test',
        host: 'atlas',
        root,
        path,
        fact: 'file.appended',
        lines,
      });
      model.apply(observations, 'ui-test');
      expect(outcomes).toEqual([{ ok: true }]);
      const state = model.sessions.get(`${folder}@atlas`);
      if (state === undefined) throw new Error('no session was told of');
      const { summary, detail } = viewOf(state, Date.UTC(2026, 0, 1));
      expect(summary).toMatchObject({
        id: `${folder}@atlas`,
        status: 'completed',
        startedAt: '2025-11-05T04:24:50.033Z',
        endedAt: '2025-11-05T04:25:07.567Z',
        phase: 'end',
        currentStep: 'Passed with a score of 100 %',
        project: null,
        stats: { toolCalls: 3, toolErrors: 0, errors: 0, messages: 0, costUsd: 0, reportedCostUsd: null },
      });
      expect(detail.test).toMatchObject({
        url: null,
        configPath: null,
        result: 'pass',
        durationMs: 13_000,
        playability: 1,
        scores: {},
        issues: [],
        methods: { cua: 0, dom: 1, none: 2 },
        llm: null,
        pictures: {
          'baseline_2025-11-05T04-24-54.png': { label: 'baseline', at: '2025-11-05T04:24:54.609Z', step: -1 },
          'action_0_2025-11-05T04-24-54.png': { label: 'action_0', at: '2025-11-05T04:24:54.776Z', step: 0 },
          'end_2025-11-05T04-24-58.png': { label: 'end', at: '2025-11-05T04:24:58.502Z', step: 3 },
        },
      });
      expect(
        detail.test?.actions.map(({ index, durationMs, success }) => [index, durationMs, success]),
      ).toEqual([
        [0, 166, true],
        [1, 2485, true],
        [2, 1051, true],
      ]);
      expect(detail.tools).toMatchObject([{ name: 'action', calls: 3, totalMs: 166 + 2485 + 1051 }]);
    });
  });
}

// Without them the generated runs of the laws remain.
