import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { testPicture } from '@telltale/platform/testing';
import type { Recorder } from '../demo/recorder';
import type { Setting } from '../demo/script';
import { Stages } from '../demo/stages';
import { recallTestRun } from '../demo/test-runs/play-test-run';
import type { TestScript } from '../demo/test-runs/test-script';

type Told = Pick<Setting, 'tool' | 'older'>;

/** Each tool, and each of its stores. */
const tools: readonly Told[] = [
  { tool: 'claude-code' },
  { tool: 'codex' },
  { tool: 'gemini' },
  { tool: 'gemini', older: true },
  { tool: 'opencode' },
  { tool: 'opencode', older: true },
];
const settingOf = ({ tool, older }: Told, project: string): Setting => ({
  tool,
  ...(older ? { older } : {}),
  title: `${project} by ${tool}${older ? ', of old' : ''}`,
  project,
  branch: 'main',
  model: 'claude-sonnet-4-5-20250929',
});

/** Sessions of every tool, two of each: one tells a secret wherever it can, the other does not. Both are written on. */
export class ToldSecret {
  readonly env: Readonly<Record<string, string>>;
  /** Titles of sessions whose id their tool makes up. */
  readonly titles: readonly string[];
  private readonly leaky: readonly Recorder[];
  private readonly harmless: readonly Recorder[];
  private readonly results: string;
  private run = '';
  private pictures = 0;
  private readonly shown: Buffer[] = [];

  /** @param pid of a process that lives as long as the sessions are played: it has the leaky one of Claude Code open */
  constructor(
    folder: string,
    private readonly secret: string,
    pid: number,
  ) {
    const settings = tools.map((told) => settingOf(told, secret));
    const stages = new Stages(folder, settings[0] as Setting, pid);
    const begin = (setting: Setting) => stages.begin(setting)(() => new Date());
    this.leaky = settings.map(begin);
    this.harmless = tools.map((told) => begin(settingOf(told, 'harmless')));
    this.titles = settings.map(({ title }) => `Demo: ${title}`);
    this.results = join(folder, 'results');
    this.env = {
      CLAUDE_CONFIG_DIR: stages.rootOf('claude-code'),
      CODEX_HOME: stages.rootOf('codex'),
      GEMINI_HOME: stages.rootOf('gemini'),
      OPENCODE_DATA_DIR: stages.rootOf('opencode'),
      TELLTALE_TEST_RESULTS: this.results,
    };
    for (const recorder of [...this.leaky, ...this.harmless]) {
      recorder.prompt('How do I sign in?');
      recorder.say('With the password.');
    }
    this.forkClaude(this.env['CLAUDE_CONFIG_DIR'] ?? '');
  }

  /** Folders of two test runs, of the leaky one and of another. */
  async playRuns(): Promise<readonly [string, string]> {
    const [leaky, harmless] = [
      await recallTestRun(this.script(this.secret), this.results, new Date(Date.UTC(2026, 1, 3, 9))),
      await recallTestRun(this.script('nothing'), this.results, new Date(Date.UTC(2026, 1, 3, 10))),
    ];
    this.run = leaky;
    return [basename(leaky), basename(harmless)];
  }

  /** In every place that a tool has for words; a subagent's too. */
  tellAll(): void {
    for (const recorder of this.leaky) {
      recorder.prompt(`It is ${this.secret}.`);
      recorder.think();
      recorder.say(`${'Long, so that no row holds all of it. '.repeat(100)} ${this.secret}`);
      recorder.call({ does: 'run', command: `echo ${this.secret}` })(this.secret, false);
      recorder.call({ does: 'plan', tasks: [{ text: `use ${this.secret}`, status: 'pending' }] })(
        'ok',
        false,
      );
    }
    const agent = this.leaky[0]?.agent('Explore', `find ${this.secret}`);
    agent?.recorder.say(`found ${this.secret}`);
    agent?.end();
    this.goOn();
  }

  /** Every tool writes on, and says it again. */
  goOn(): void {
    for (const recorder of this.leaky) {
      recorder.prompt(`Once more: ${this.secret}`);
      recorder.say(`I have heard ${this.secret}.`);
      recorder.rest?.();
    }
    const agent = this.leaky[0]?.agent('Explore', `find ${this.secret} again`);
    agent?.recorder.say(`found ${this.secret} again`);
    agent?.end();
    this.picture(`${this.secret}_${++this.pictures}`);
    for (const recorder of this.harmless) recorder.say('I have nothing to say.');
  }

  /** Hashes of pictures that the leaky run alone shows. */
  get hashes(): readonly string[] {
    return this.shown.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  }

  private script(says: string): TestScript {
    const shows = () => testPicture(1); // of both runs
    return {
      url: `Demo: /demo/${says}/`,
      config: `configs/${says}.json`,
      shows,
      steps: [{ action: 'click', target: says, ms: 100, shows }],
      playability: 1,
      says: `It says ${says}.`,
    };
  }

  private picture(name: string): void {
    const bytes = testPicture(100 + this.shown.length);
    this.shown.push(bytes);
    writeFileSync(join(this.run, 'screenshots', `${name}.png`), bytes);
  }

  /** What was said before the secret, once more. */
  private forkClaude(root: string): void {
    const [path = ''] = globSync(join(root, 'projects', `-demo-${this.secret}`, '*.jsonl'));
    const history = readFileSync(path, 'utf8')
      .replaceAll(basename(path, '.jsonl'), forkId)
      .replaceAll(this.secret, 'fork');
    const folder = join(root, 'projects', '-demo-fork');
    mkdirSync(folder);
    writeFileSync(join(folder, `${forkId}.jsonl`), history);
  }
}

/** Both began at the same moment: the greater id is the copy's, whatever the other one is. */
export const forkId = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
