// x.spec.ts runs in jsdom with Angular's compiler; x.e2e.spec.ts drives a real browser and runs in Node like
// the services' tests do.
const preset = require('../../jest.preset.cjs');

const kind = process.env.TEST_KIND ?? 'spec';
const esmOnly = [
  '.*\\.mjs$',
  '@angular/',
  '@swimlane/',
  'd3-',
  'internmap',
  'delaunator',
  'robust-predicates',
];

const browser = {
  displayName: 'apps/dashboard:spec',
  preset: 'jest-preset-angular',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['\\.e2e\\.spec\\.ts$'],
  setupFilesAfterEnv: ['<rootDir>/src/test-setup.ts'],
  transform: {
    '^.+\\.(ts|mjs|js|html)$': [
      'jest-preset-angular',
      { tsconfig: '<rootDir>/tsconfig.spec.json', stringifyContentPathRegex: '\\.(html|svg)$' },
    ],
  },
  transformIgnorePatterns: [`node_modules/(?!(${esmOnly.join('|')}))`],
  moduleNameMapper: {
    '^@telltale/domain/live$': '<rootDir>/../../libs/domain/src/live/index.ts',
    '^@telltale/(contracts|domain)$': '<rootDir>/../../libs/$1/src/index.ts',
  },
  testTimeout: 20_000,
};

module.exports = kind === 'spec' ? browser : preset('apps/dashboard', kind);
