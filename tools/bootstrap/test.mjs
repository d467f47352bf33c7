import { mkdtempSync, readFileSync, readdirSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needChromium } from './chromium.mjs';
import { show } from './command.mjs';
import { Failure } from './failure.mjs';
import { nxProgram } from './nx.mjs';
import { seconds, step } from './progress.mjs';

/**
 * Everything that must hold, the quick things first, up to the first that does not. The last line is
 * `N passed, M failed`.
 *
 * @param {import('./set-up.mjs').Workbench} workbench
 * @param {readonly string[]} only names of steps; none: all
 * @returns {Promise<number>} exit code
 */
export async function runTests(workbench, only) {
  const steps = stepsOf(workbench);
  const unknown = only.filter((name) => !steps.some((candidate) => candidate.name === name));
  if (unknown.length > 0)
    throw new Failure(`There is no step "${unknown[0]}". Steps: ${steps.map(({ name }) => name).join(', ')}`);
  const chosen = steps.filter(({ name }) => only.length === 0 || only.includes(name));
  const done = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let failed = false;
  for (const { name, title, work } of chosen) {
    const since = performance.now();
    console.log(`\n━━ ${title} ${'━'.repeat(Math.max(3, 72 - title.length))}\n`);
    const result = await work();
    for (const key of Object.keys(counts)) counts[key] += result.counts?.[key] ?? 0;
    failed = result.code !== 0 || (result.counts?.failed ?? 0) > 0;
    const tests = result.counts ? `, ${result.counts.passed} passed, ${result.counts.failed} failed` : '';
    done.push(`${failed ? '✗' : '✓'} ${name} (${seconds(since)}${tests})`);
    if (failed) break;
  }
  summarise(done, chosen.length - done.length, counts, failed);
  return failed ? 1 : 0;
}

function summarise(done, left, counts, failed) {
  console.log(`\n${'━'.repeat(76)}\n${done.join('\n')}`);
  if (left > 0) console.log(`  ${left} further step${left === 1 ? '' : 's'} not run`);
  if (counts.skipped > 0) console.log(`  ${counts.skipped} skipped`);
  // A step that is no test (lint, types) counts as one failure: the last line must not look like a success.
  console.log(`${counts.passed} passed, ${failed && counts.failed === 0 ? 1 : counts.failed} failed`);
}

/** @param {import('./set-up.mjs').Workbench} workbench */
function stepsOf(workbench) {
  const { root, node, env } = workbench;
  const tool =
    (name, ...args) =>
    async () => ({ code: await show(node, [programOf(root, name), ...args], { cwd: root, env }) });
  const nx = (target) => async () => {
    const args = ['run-many', '-t', target, '--parallel=2', '--outputStyle=static'];
    return { code: await show(node, [nxProgram(root), ...args], { cwd: root, env }) };
  };
  return [
    { name: 'format', title: 'Format', work: tool('prettier', '--check', '--log-level=warn', '.') },
    { name: 'lint', title: 'Lint', work: nx('lint') },
    { name: 'types', title: 'Types', work: nx('typecheck') },
    { name: 'build', title: 'Build', work: nx('build') },
    { name: 'unit', title: 'Unit tests', work: () => jest(workbench, 'spec', ['--maxWorkers=2']) },
    {
      name: 'integration',
      title: 'Integration tests: real NATS and PostgreSQL',
      work: () => jest(workbench, 'int', ['--maxWorkers=2', endAnyway]),
    },
    { name: 'browser', title: 'Browser tests: real Chromium', work: () => browser(workbench) },
  ];
}

// Servers and clients are closed by the specs; drivers keep a timer or two for seconds after that.
const endAnyway = '--forceExit';

async function browser(workbench) {
  const chrome = await step('Finding Chromium', () => needChromium(workbench.env));
  return jest({ ...workbench, env: { ...workbench.env, CHROME_PATH: chrome } }, 'e2e', [
    '--runInBand',
    endAnyway,
  ]);
}

/** One Jest for all projects; it writes its counts to a file. */
async function jest({ root, node, env }, kind, options) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-results-'));
  const file = join(folder, 'results.json');
  const args = [
    programOf(root, 'jest'),
    '--projects',
    ...projectsIn(root),
    '--json',
    `--outputFile=${file}`,
    ...options,
  ];
  try {
    const code = await show(node, args, { cwd: root, env: { ...env, TEST_KIND: kind } });
    return { code, counts: readCounts(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }; // Jest itself fell over
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
    JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: numPendingTests + numTodoTests,
  };
}

function projectsIn(root) {
  const within = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name));
  return [...within('libs'), ...within('apps'), 'tools']
    .map((folder) => join(folder, 'jest.config.cjs'))
    .filter((file) => existsSync(join(root, file)));
}

function programOf(root, name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}
