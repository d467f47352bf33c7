// node tools/build/service.mjs <app> [--watch]: bundles apps/<app>/src/{main,migrate,sign-in}.ts into dist/apps/<app>/.
// With --watch: builds anew at each change and restarts the service beside the servers that `nx serve tools` runs.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { restartAfterBuild } from './restart-after-build.mjs';

/** Programs an app may have beside its service. */
const programs = ['main', 'migrate', 'sign-in'];

const [app, flag] = process.argv.slice(2);
if (!app || !existsSync(`apps/${app}/src/main.ts`)) {
  console.error(
    `There is no apps/${app ?? '<app>'}/src/main.ts to build. Usage: node tools/build/service.mjs <app> [--watch]`,
  );
  process.exit(1);
}
const outdir = `dist/apps/${app}`;
const entries = Object.fromEntries(
  programs.map((name) => [name, `apps/${app}/src/${name}.ts`]).filter(([, file]) => existsSync(file)),
);
const options = bundleOptions(entries, outdir);

if (flag === '--watch') {
  const watching = await context({ ...options, plugins: [...options.plugins, restartAfterBuild(app)] });
  await watching.watch();
} else {
  for (const name of programs) await rm(`${outdir}/${name}.mjs`, { force: true });
  await build(options);
}
