import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import typescript from 'typescript-eslint';

/** A room may import only what lies below it: docs/development.md. The tags stand in each project.json. */
const boundaries = {
  enforceBuildableLibDependency: false,
  allow: [],
  checkDynamicDependenciesExceptions: ['.*'],
  depConstraints: [
    { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:platform', 'type:domain', 'type:contracts'] },
    { sourceTag: 'app:dashboard', onlyDependOnLibsWithTags: ['type:domain', 'type:contracts'] },
    { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:platform', 'type:domain', 'type:contracts'] },
    { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:contracts'] },
    { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:contracts'] },
    { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  ],
};

const tests = ['**/*.spec.ts', '**/testing/**/*.ts', '**/test-setup.ts'];

/** Pure code gives the same answer for the same question: time and chance are arguments. */
const impure = [
  ['CallExpression[callee.object.name="Date"][callee.property.name="now"]', 'Take the time as an argument.'],
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'Take the time as an argument.'],
  ['CallExpression[callee.object.name="performance"]', 'Take the time as an argument.'],
  [
    'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    'Take the random value as an argument.',
  ],
  ['CallExpression[callee.object.name="crypto"]', 'Take the random value as an argument.'],
].map(([selector, message]) => ({ selector, message }));
const onlyImports = (/** @type {string[]} */ ...allowed) => [
  'error',
  {
    patterns: [
      {
        regex: `^(?!\\.|${allowed.map((name) => `${name}$`).join('|')})`,
        message: 'Pure code: no node:*, no framework, nothing but contracts and zod.',
      },
    ],
  },
];

export default typescript.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.node/**', '.nx/**', '.angular/**', '**/coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [...typescript.configs.strictTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowNullish: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Nest modules and Angular components may be classes without members.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // What comes from outside is checked although its type says that it cannot be missing.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      'no-control-regex': 'error',
      'no-debugger': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-irregular-whitespace': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      complexity: ['error', 10],
      // Nest's @EventPattern<string>() needs its argument beside a @Ctx() parameter.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      'max-depth': ['error', 3],
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Nest hands over what a service needs through its constructor: there the count is not of one's choosing.
    files: ['apps/{watcher,ingest,gateway}/**/*.ts'],
    rules: { '@typescript-eslint/max-params': ['error', { max: 6 }] },
  },
  {
    // Programs for people: what they print is their purpose.
    files: ['tools/**/*.ts', 'apps/*/src/{migrate,sign-in}.ts', 'apps/dashboard/src/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: tests,
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      complexity: 'off',
      'max-lines': ['warn', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['libs/domain/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': onlyImports('@telltale/contracts', 'zod'),
      'no-restricted-syntax': ['error', ...impure],
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'fetch',
        'window',
        'document',
      ],
    },
  },
  {
    files: ['libs/contracts/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': onlyImports('zod'),
      'no-restricted-syntax': ['error', ...impure],
    },
  },
  {
    files: ['apps/dashboard/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
  },
  {
    files: ['apps/dashboard/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
  },
  prettier,
);
