// node tools/build/tools.mjs [folder]: bundles the tools written in TypeScript into dist/tools/, or that folder.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';

const tools = {
  start: 'tools/start/main.ts',
  'with-parent': 'libs/platform/src/processes/with-parent.ts',
  demo: 'tools/demo/main.ts',
  bench: 'tools/bench/main.ts',
};
const present = Object.fromEntries(Object.entries(tools).filter(([, file]) => existsSync(file)));
await build(bundleOptions(present, process.argv[2] ?? 'dist/tools'));
