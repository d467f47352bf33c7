import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { livePace } from './pace';
import { play, recall } from './play';
import type { Script, Setting, Step, Story } from './script';
import { attended, scripts, stories } from './scripts';
import { Stages } from './stages';
import { shown } from './testing/shown';

const now = new Date('2026-03-04T16:00:00.000Z');
const hour = 3_600_000;
/** One that lives: who reads the registry looks. */
const { pid } = process;
let root: string;
let stages: Stages;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'telltale-demo-spec-'));
  stages = new Stages(root, attended, pid);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What is shown of a setting's session, and of those that its agents have. */
function shownOf(setting: Setting, at = now) {
  const { refused, sessions } = shown(setting.tool, stages.rootOf(setting.tool), at);
  expect(refused).toEqual([]);
  const [own, ...others] = sessions.filter(({ summary }) => summary.parentId === null);
  expect(others).toEqual([]);
  if (own === undefined) throw new Error('nothing is shown');
  return { ...own, children: sessions.filter((session) => session !== own) };
}

const expectedOf = (setting: Setting) => ({
  source: setting.tool,
  title: `Demo: ${setting.title}`,
  project: { path: `/demo/${setting.project}`, name: setting.project },
  model: setting.model,
});

/** Steps of an agent count for its session with Claude Code, else for a session of its own. */
function countOf(
  steps: readonly Step[],
  withAgents: boolean,
): { prompts: number; tools: number; agents: number } {
  const count = { prompts: 0, tools: 0, agents: 0 };
  for (const step of steps) {
    if (step.kind === 'prompt') count.prompts++;
    if (step.kind === 'tool' || step.kind === 'agent') count.tools++;
    if (step.kind !== 'agent') continue;
    count.agents++;
    if (withAgents) count.tools += countOf(step.steps, true).tools;
  }
  return count;
}

function stepsOf({ earlier, steps, next }: Script): Step[] {
  const plan: Step = { kind: 'tool', deed: { does: 'plan', tasks: [] }, result: '', ms: 0 };
  const rounds = next.names.flatMap((name) => [plan, ...next.round(name)]);
  return [...earlier, ...steps, { kind: 'prompt', text: next.prompt }, ...rounds, plan];
}

describe('the demo', () => {
  it.each(scripts)(
    'plays "$title" ($tool): begun before, and nothing of it in the future',
    async (script) => {
      const { signal } = new AbortController();
      const pace = { ...livePace(0.0001, signal), now: () => now };
      await play(script, { begin: stages.begin(script), pace, begun: true });
      const { summary, detail, children } = shownOf(script);
      const isClaude = script.tool === 'claude-code';
      const { prompts, tools, agents } = countOf(stepsOf(script), isClaude);
      expect(summary).toMatchObject({ ...expectedOf(script), lastActivityAt: now.toISOString() });
      const startedAt = Date.parse(summary.startedAt ?? '');
      expect(startedAt).toBeLessThan(now.getTime() - hour / 12);
      expect(startedAt).toBeGreaterThan(now.getTime() - hour);
      const { names } = script.next;
      expect(summary.stats).toMatchObject({
        prompts,
        toolCalls: tools,
        toolErrors: stepsOf(script).filter((step) => step.kind === 'tool' && step.fails).length,
        objectives: { completed: names.length, total: names.length },
        unpricedModels: [],
      });
      expect(summary.stats.costUsd).toBeGreaterThan(0.1);
      expect(isClaude ? detail.agents : children).toHaveLength(agents);
      for (const child of children) expect(child.summary.parentId).toBe(summary.id);
    },
  );

  it.each(stories)('recalls "$title" ($tool), which ended hours ago', async (story: Story) => {
    await recall(story, stages.begin(story), now);
    const { summary } = shownOf(story);
    const { prompts, tools } = countOf(story.steps, true);
    expect(summary).toMatchObject({ ...expectedOf(story), stats: { prompts, toolCalls: tools } });
    const end = now.getTime() - story.endedHoursAgo * hour;
    expect(Date.parse(summary.lastActivityAt ?? '')).toBeLessThanOrEqual(end);
    expect(Date.parse(summary.startedAt ?? '')).toBeGreaterThan(end - hour);
  });

  it('plays something of every tool', () => {
    const tools = [...scripts, ...stories].map(({ tool, older }) => `${tool}${older ? ' (older)' : ''}`);
    expect([...new Set(tools)].sort()).toEqual([
      'claude-code',
      'codex',
      'gemini',
      'gemini (older)',
      'opencode',
      'opencode (older)',
    ]);
  });

  it('says of one session that it waits for its user, and that it goes on', async () => {
    const said: string[] = [];
    const look = async (): Promise<void> => {
      const name = `sessions/${pid}.json`;
      const text = readFileSync(join(stages.rootOf('claude-code'), name), 'utf8');
      const { pid: of, status, waitingFor } = JSON.parse(text) as Record<string, string | number>;
      expect(of).toBe(pid);
      const what = waitingFor === undefined ? `${status}` : `${status}: ${waitingFor}`;
      if (said.at(-1) !== what) said.push(what);
    };
    const pace = { now: () => now, think: look, work: look };
    await play(attended, { begin: stages.begin(attended), pace, begun: false });
    expect(said.slice(0, 5)).toEqual([
      'busy',
      'waiting: permission to run npm publish --dry-run',
      'busy',
      'waiting: permission to run npm test -- payouts',
      'busy',
    ]);
    await look();
    expect(said.at(-1)).toBe('idle');
    stages.registry.remove();
    expect(readdirSync(join(stages.rootOf('claude-code'), 'sessions'))).toEqual([]);
  });

  it('ends when told to', async () => {
    const ending = new AbortController();
    const begin = stages.begin(attended);
    const playing = play(attended, { begin, pace: livePace(1, ending.signal), begun: true });
    ending.abort();
    await expect(playing).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
  });
});
