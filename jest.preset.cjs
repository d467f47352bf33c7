const { existsSync } = require('node:fs');
const { join } = require('node:path');

// Jest for everything that runs in Node. Nest 12 and a few of its dependencies are ESM only, so swc turns
// them into CommonJS together with our own sources; decorators keep their metadata.
const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2023',
    keepClassNames: true,
  },
  sourceMaps: 'inline',
};
const esmOnly = [
  '@nestjs/',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  'load-esm',
  '@tokenizer',
  'iterare',
  'jose',
  'cookie',
  '@seriousme/',
];

// Specs that compare with the real samples alone: where those are absent they hold no test, which Jest calls a failure.
const samples = process.env.TELLTALE_SAMPLES ?? join(__dirname, '../shared/samples');
const needSamples = existsSync(join(samples, 'truth.json'))
  ? []
  : ['/(codex|gemini|opencode|ui-test)/samples\\.spec\\.ts$', '/real-transcripts\\.int\\.spec\\.ts$'];

/** @param {string} name project name  @param {'spec'|'int'|'e2e'} kind which files: x.spec.ts, x.int.spec.ts or x.e2e.spec.ts */
module.exports = (name, kind) => ({
  displayName: `${name}:${kind}`,
  rootDir: __dirname,
  roots: ['<rootDir>/' + name],
  testEnvironment: 'node',
  testMatch: [kind === 'spec' ? '**/*.spec.ts' : `**/*.${kind}.spec.ts`],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    ...needSamples,
    ...(kind === 'spec' ? ['\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'] : []),
  ],
  transform: { '^.+\\.(ts|js|mjs)$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`node_modules/(?!(${esmOnly.join('|')}))`],
  moduleNameMapper: {
    '^@telltale/(domain|platform)/testing$': '<rootDir>/libs/$1/src/testing/index.ts',
    '^@telltale/domain/live$': '<rootDir>/libs/domain/src/live/index.ts',
    '^@telltale/domain/testing/(.+)$': '<rootDir>/libs/domain/src/testing/$1',
    '^@telltale/contracts/asyncapi$': '<rootDir>/libs/contracts/src/asyncapi/document.ts',
    '^@telltale/(contracts|domain|platform)$': '<rootDir>/libs/$1/src/index.ts',
  },
  testTimeout: kind === 'spec' ? 20_000 : 300_000,
});
