// node tools/build/tools.mjs: bundles the tools written in TypeScript into dist/tools/.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';

const tools = {
  start: 'tools/start/main.ts',
  'with-parent': 'tools/start/with-parent.ts',
  demo: 'tools/demo/main.ts',
  bench: 'tools/bench/main.ts',
};
await build(
  bundleOptions(
    Object.fromEntries(Object.entries(tools).filter(([, file]) => existsSync(file))),
    'dist/tools',
  ),
);
