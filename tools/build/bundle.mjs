import { transformFile } from '@swc/core';

// esbuild alone drops decorator metadata, and a Nest app then still boots, silently wrong: swc compiles, esbuild bundles.
const swc = {
  name: 'swc',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code } = await transformFile(path, {
        swcrc: false,
        configFile: false,
        sourceMaps: 'inline',
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * How one program is bundled: one ESM file for each entry, our libraries inside, npm packages left outside.
 *
 * @param {Record<string, string>} entries output name without extension → source file
 * @param {string} outdir
 * @returns {import('esbuild').BuildOptions}
 */
export function bundleOptions(entries, outdir) {
  return {
    entryPoints: entries,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    sourcemap: true,
    keepNames: true,
    tsconfig: 'tsconfig.base.json',
    plugins: [swc],
    logLevel: 'warning',
  };
}
