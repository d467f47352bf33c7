#!/usr/bin/env node
// Writes the patterns of secretlint's recommended rules, as the installed package states them, to the watcher's table.
//
//   node tools/secret-rules/refresh.mjs [--check]
//
// A rule is given a text that notes the patterns it is searched for. `--check` writes nothing and fails where the
// table is not what the installed package gives.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

const table = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../apps/watcher/src/privacy/rules/secretlint.json',
);
const { name, version, license } = createRequire(import.meta.url)(
  '@secretlint/secretlint-rule-preset-recommend/package.json',
);

const patterns = [];
for (const rule of rules) patterns.push(...(await patternsOf(rule)));
const text = `${JSON.stringify({ source: name, version, license, patterns }, null, 2)}\n`;
if (!process.argv.includes('--check')) await writeFile(table, text);
else if ((await readFile(table, 'utf8')) !== text) {
  console.error(`${table} is not what ${name} ${version} says: run tools/secret-rules/refresh.mjs`);
  process.exitCode = 1;
}

async function patternsOf(rule) {
  const noted = [];
  const content = Object.assign(new String(''), {
    matchAll: (pattern) => {
      noted.push(pattern);
      return [];
    },
  });
  const context = { report() {}, ignore() {}, createTranslator: () => () => ({ message: '' }) };
  const handlers = rule.create(context, {});
  await handlers.file?.({ content, filePath: '/file.txt', ext: '.txt', contentType: 'text' });
  const id = rule.meta.id.replace('@secretlint/secretlint-rule-', '');
  return noted.map(({ source, flags }, index) => ({ id: `${id}/${index + 1}`, source, flags }));
}
