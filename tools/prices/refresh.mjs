#!/usr/bin/env node
// Writes the price table that is shipped with the domain library from a LiteLLM-shaped price list.
//
//   node tools/prices/refresh.mjs [<path or URL of the price list>] [--fast <path or URL>] [--date YYYY-MM-DD]
//                                 [--out <file>]
//
// Default price list: the public one of LiteLLM. `--fast` names a JSON {exact:{model: ×}, normalized_prefix:{prefix: ×}}
// of multipliers for `speed: fast`, used where the list itself states none. Only facts are taken over: prices by
// model. The one-hour write prices of the list are left out: they are wrong for some models, and always twice the
// input price where they are right.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const publicList =
  'https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json';
const here = dirname(fileURLToPath(import.meta.url));
const shipped = join(here, '../../libs/domain/src/pricing/table/prices.json');
const textModes = new Set(['chat', 'completion', 'responses', undefined]);
const tiers = [200_000, 272_000];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fast: { type: 'string' }, date: { type: 'string' }, out: { type: 'string', default: shipped } },
});
const list = await readJson(positionals[0] ?? publicList);
const fast = values.fast ? await readJson(values.fast) : {};
const models = tableOf(list, fast);
const date = values.date ?? new Date().toISOString().slice(0, 10);
const hash = createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 8);
const table = {
  version: `${date}.${hash}`,
  date,
  source: 'LiteLLM model_prices_and_context_window.json (MIT)',
  models,
};
await writeFile(values.out, serialized(table));
console.log(`${Object.keys(models).length} models, version ${table.version} → ${values.out}`);

async function readJson(pathOrUrl) {
  if (!/^https?:/.test(pathOrUrl)) return JSON.parse(await readFile(pathOrUrl, 'utf8'));
  const response = await fetch(pathOrUrl);
  if (!response.ok) throw new Error(`${pathOrUrl}: HTTP ${response.status}`);
  return response.json();
}

function tableOf(entries, multipliers) {
  const named = Object.entries(entries)
    .filter(([name, entry]) => name !== 'sample_spec' && isTextModel(entry))
    .map(([name, entry]) => [name, priceOf(name, entry, multipliers)]);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isTextModel(entry) {
  return (
    textModes.has(entry.mode) && isPrice(entry.input_cost_per_token) && isPrice(entry.output_cost_per_token)
  );
}

function priceOf(name, entry, multipliers) {
  const price = {
    input: perMillion(entry.input_cost_per_token),
    output: perMillion(entry.output_cost_per_token),
    cacheRead: perMillion(entry.cache_read_input_token_cost),
    cacheWrite: perMillion(entry.cache_creation_input_token_cost),
    ...tierOf(entry),
    fast: entry.provider_specific_entry?.fast ?? fastOverride(name, multipliers),
    webSearch: entry.search_context_cost_per_query?.search_context_size_medium,
  };
  return withoutUndefined(price);
}

function tierOf(entry) {
  for (const tierAbove of tiers) {
    const suffix = `_above_${tierAbove / 1000}k_tokens`;
    const tier = withoutUndefined({
      input: perMillion(entry[`input_cost_per_token${suffix}`]),
      output: perMillion(entry[`output_cost_per_token${suffix}`]),
      cacheRead: perMillion(entry[`cache_read_input_token_cost${suffix}`]),
      cacheWrite: perMillion(entry[`cache_creation_input_token_cost${suffix}`]),
    });
    if (Object.keys(tier).length > 0) return { tierAbove, tier };
  }
  return {};
}

/** A prefix is compared with the model's own name: no provider before it. */
function fastOverride(name, { exact = {}, normalized_prefix: prefixes = {} }) {
  if (exact[name] !== undefined) return exact[name];
  const own = name.slice(name.lastIndexOf('/') + 1).replace(/^(?:[a-z]{2,6}\.)?anthropic\./, '');
  const prefix = Object.keys(prefixes).find(
    (candidate) => own === candidate || own.startsWith(`${candidate}-`) || own.startsWith(`${candidate}@`),
  );
  return prefix === undefined ? undefined : prefixes[prefix];
}

function isPrice(value) {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** US dollars a token → US dollars per million tokens, without the dust of binary fractions. */
function perMillion(value) {
  return isPrice(value) ? Number((value * 1e6).toFixed(9)) : undefined;
}

function withoutUndefined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** One model a line, so that a refresh is a diff one can read. */
function serialized({ models: byName, ...head }) {
  const lines = Object.entries(byName).map(
    ([name, price]) => `    ${JSON.stringify(name)}: ${JSON.stringify(price)}`,
  );
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "models": {\n${lines.join(',\n')}\n  }\n}\n`;
}
