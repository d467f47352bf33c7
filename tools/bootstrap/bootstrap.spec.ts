import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually, temporaryFolder, type TemporaryFolder } from '@telltale/platform/testing';

/** The scripts are plain modules for whatever Node there is: each is tried as it is run, in a Node of its own. */
const folder = resolve(__dirname);
function script(code: string, env: NodeJS.ProcessEnv = process.env) {
  const imports = ['node24', 'packages', 'setup-lock', 'npm', 'chromium', 'sign-in', 'test']
    .map(
      (name) =>
        `const ${name.replace('-', '_')} = await import(${JSON.stringify(pathToFileURL(join(folder, `${name}.mjs`)).href)});`,
    )
    .join('\n');
  return spawn(process.execPath, ['--input-type=module', '-e', `${imports}\n${code}`], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
async function evaluate(code: string, env?: NodeJS.ProcessEnv): Promise<string> {
  const child = script(code, env);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output.trim();
}

let temporary: TemporaryFolder;
beforeEach(async () => {
  temporary = await temporaryFolder();
});
afterEach(() => temporary.remove());
const quoted = (path: string) => JSON.stringify(join(temporary.path, path));

describe('Node', () => {
  it('is recent enough from 24.7 on', async () => {
    const answer = await evaluate(
      `console.log(['20.20.2','24.6.9','24.7.0','24.21.0','25.0.0'].map(node24.isRecentEnough).join())`,
    );
    expect(answer).toBe('false,false,true,true,true');
  });

  it('to be fetched is pinned: an exact version with its integrity', () => {
    const pinned = JSON.parse(readFileSync(join(folder, 'node24.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    expect(Object.keys(pinned)).toContain('linux-x64');
    for (const { version, integrity } of Object.values(pinned)) {
      expect(version).toMatch(/^24\.\d+\.\d+$/);
      expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    }
  });

  it('comes first on PATH for whatever is run', async () => {
    expect(
      await evaluate(`console.log(node24.environmentWith('/n/bin/node', { PATH: '/usr/bin' }).PATH)`),
    ).toBe('/n/bin:/usr/bin');
  });
});

describe('packages', () => {
  it('are current only after an install of this very lock file went through', async () => {
    const current = () => evaluate(`console.log(packages.packagesAreCurrent(${quoted('')}))`);
    writeFileSync(join(temporary.path, 'package-lock.json'), '{}');
    expect(await current()).toBe('false');
    mkdirSync(join(temporary.path, 'node_modules'));
    writeFileSync(join(temporary.path, 'npm-cli.js'), '');
    await evaluate(`await packages.installPackages(${quoted('')}, process.execPath, process.env)`, {
      ...process.env,
      npm_execpath: join(temporary.path, 'npm-cli.js'),
    });
    expect(await current()).toBe('true');
    writeFileSync(join(temporary.path, 'package-lock.json'), '{ "changed": true }');
    expect(await current()).toBe('false');
  });

  it.each([
    [
      'npm error code ENOTFOUND\\nnpm error network request to x failed',
      'cannot be reached. Check the network',
    ],
    ['npm error code EACCES\\nnpm error syscall mkdir', 'may not write here'],
    ['npm error code ENOSPC', 'The disk is full'],
    ['something else', 'npm failed.\nsomething else'],
  ])('failures are explained: %s', async (output, said) => {
    expect(await evaluate(`console.log(npm.explainNpm('${output}'))`)).toContain(said);
  });
});

describe('the setup lock', () => {
  const take = () => `const release = await setup_lock.lockSetup(${quoted('')}); console.log('mine');`;
  const listen =
    'const told = new Promise((done) => process.once("SIGUSR2", done)); const alive = setInterval(() => {}, 1000);';
  const hold = 'await told; clearInterval(alive); release();';
  const holder = () => script(listen + take() + hold);

  it('lets one run at a time set up, and the next when it is done', async () => {
    const first = holder();
    await once(first.stdout, 'data');
    const second = holder();
    let said = '';
    second.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(() => expect(said).toContain(`(process ${first.pid})`));
    expect(said).not.toContain('mine');
    first.kill('SIGUSR2');
    await eventually(() => expect(said).toContain('mine'));
    second.kill('SIGUSR2');
    await once(second, 'close');
    expect(existsSync(join(temporary.path, '.node', 'setup.lock'))).toBe(false);
  });

  it('does not outlive its owner’s kill -9', async () => {
    const first = holder();
    await once(first.stdout, 'data');
    first.kill('SIGKILL');
    await once(first, 'close');
    expect(existsSync(join(temporary.path, '.node', 'setup.lock'))).toBe(true);
    const second = holder();
    await once(second.stdout, 'data');
    second.kill('SIGUSR2');
    await once(second, 'close');
    expect(second.exitCode).toBe(0);
  });

  it('says what to do where the folder cannot be written', async () => {
    writeFileSync(join(temporary.path, '.node'), 'a file in its place');
    const code = take();
    expect(await evaluate(`try { ${code} } catch (error) { console.log(error.message) }`)).toContain(
      'must be able to write to its own folder',
    );
  });
});

describe('Chromium', () => {
  it('is found by CHROME_PATH, else on PATH; a CHROME_PATH that cannot run is said', async () => {
    mkdirSync(join(temporary.path, 'bin'));
    const chrome = join(temporary.path, 'bin', 'chromium-browser');
    writeFileSync(chrome, '#!/bin/sh\n', { mode: 0o755 });
    const find = (env: object) =>
      evaluate(
        `try { console.log(chromium.findChromium(${JSON.stringify(env)})) } catch (error) { console.log(error.message) }`,
      );
    expect(await find({ PATH: `/nowhere:${join(temporary.path, 'bin')}` })).toBe(chrome);
    expect(await find({ PATH: '', CHROME_PATH: chrome })).toBe(chrome);
    expect(await find({ PATH: '', CHROME_PATH: '/nowhere/chrome' })).toContain(
      'CHROME_PATH is "/nowhere/chrome", which cannot be run',
    );
  });
});

describe('npm run sign-in', () => {
  const ask = (env: NodeJS.ProcessEnv) =>
    evaluate(`try { await sign_in.printSignInLink() } catch (error) { console.log(error.message) }`, {
      ...process.env,
      ...env,
    });

  it('asks the Telltale that runs with this home for a link', async () => {
    const signIn = {
      file: process.execPath,
      args: ['-e', 'console.log("http://x/sign-in#token=" + process.env.SPEC_TOKEN)'],
      cwd: temporary.path,
      env: { SPEC_TOKEN: 'abc' },
    };
    writeFileSync(join(temporary.path, 'run.json'), JSON.stringify({ pid: process.pid, signIn }));
    expect(await ask({ TELLTALE_HOME: temporary.path })).toBe('http://x/sign-in#token=abc');
  });

  it('says so where none runs', async () => {
    expect(await ask({ TELLTALE_HOME: temporary.path })).toContain(
      `No Telltale is running with the state in ${temporary.path}`,
    );
    writeFileSync(join(temporary.path, 'run.json'), '{"pid":');
    expect(await ask({ TELLTALE_HOME: temporary.path })).toContain('No Telltale is running');
  });
});

describe('npm test', () => {
  /** A project whose Jest is a script that writes these results. */
  function projectWith(results: object, exitCode: number): void {
    const package_ = join(temporary.path, 'node_modules', 'jest');
    mkdirSync(package_, { recursive: true });
    for (const name of ['libs', 'apps', 'tools']) mkdirSync(join(temporary.path, name));
    writeFileSync(join(package_, 'package.json'), JSON.stringify({ bin: 'run.cjs' }));
    const counts = JSON.stringify({
      numPendingTests: 0,
      numTodoTests: 0,
      numRuntimeErrorTestSuites: 0,
      ...results,
    });
    const code = `const file = process.argv.find((arg) => arg.startsWith('--outputFile=')).slice(13);
      require('fs').writeFileSync(file, ${JSON.stringify(counts)}); process.exitCode = ${exitCode};`;
    writeFileSync(join(package_, 'run.cjs'), code);
  }
  const test = (steps: string[]) =>
    evaluate(
      `try { console.log('exit', await test.runTests({ root: ${quoted('')}, node: process.execPath, env: process.env }, ${JSON.stringify(steps)})) } catch (error) { console.log(error.message) }`,
    );

  it('adds the steps up in its last line', async () => {
    projectWith({ numPassedTests: 21, numFailedTests: 0 }, 0);
    expect((await test(['unit', 'integration'])).split('\n').slice(-2)).toEqual([
      '42 passed, 0 failed',
      'exit 0',
    ]);
  });

  it.each([
    [{ numPassedTests: 20, numFailedTests: 1 }, '20 passed, 1 failed'],
    [{ numPassedTests: 20, numFailedTests: 0, numRuntimeErrorTestSuites: 2 }, '20 passed, 2 failed'],
    [{ numPassedTests: 20, numFailedTests: 0 }, '20 passed, 1 failed'],
  ])('stops at the first step that fails: %j', async (results, last) => {
    projectWith(results, 1);
    const said = await test(['unit', 'integration']);
    expect(said).toContain('1 further step not run');
    expect(said.split('\n').slice(-2)).toEqual([last, 'exit 1']);
  });

  it('knows its steps', async () => {
    expect(await test(['units'])).toBe(
      'There is no step "units". Steps: format, lint, types, build, unit, integration, browser',
    );
  });
});

describe('a clone without the real samples', () => {
  /** What Jest says of these specs where there are none: its exit code, and all it printed. */
  async function jest(kind: 'spec' | 'int', ...args: string[]): Promise<{ code: unknown; said: string }> {
    const child = spawn(process.execPath, [resolve('node_modules/jest/bin/jest.js'), ...args], {
      env: { ...process.env, TEST_KIND: kind, TELLTALE_SAMPLES: temporary.path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as unknown[];
    return { code, said };
  }

  it('has a test in every spec that is run', async () => {
    const { code, said } = await jest('spec', '-c', 'libs/domain/jest.config.cjs', '/samples.spec');
    expect(said).toContain('1 passed, 1 total');
    expect(code).toBe(0);
  });

  it('leaves out what starts the whole product for them alone', async () => {
    const { said } = await jest('int', '-c', 'tools/jest.config.cjs', '--listTests');
    expect(said).toContain('many-hosts.int.spec.ts');
    expect(said).not.toContain('real-transcripts');
  });
});
