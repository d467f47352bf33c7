import type { PriceTable } from './price-table';

/** `anthropic.`, `us.anthropic.`, … before the model's own name on Bedrock. */
const bedrockProvider = /^(?:[a-z]{2,6}\.)?anthropic\./;
const bedrockVersion = /-v\d+(?::\d+)?$/;
const dateSuffix = /[-@](?:\d{8}|\d{4}-\d{2}-\d{2})$/;
const contextSuffix = /\[1m\]$/;
/** Models that no list prices, served at the price of another. */
const pricedAs: { readonly [model: string]: string } = { 'gpt-5.3-codex-spark': 'gpt-5.3-codex' };

/**
 * The table's name for a model as a tool writes it, or undefined. Tried in order: the name itself, without its
 * `[1m]` suffix, without provider prefixes, without Bedrock's version, with its date written the table's way,
 * without its date, Claude's version without its dot; then the newest dated edition of it, the model below a
 * provider's name (`zai/glm-4.7`), its preview (`gemini-3-pro`), and the model whose price it has.
 */
export function tableName(model: string, table: PriceTable): string | undefined {
  for (const name of spellings(model)) {
    if (Object.hasOwn(table.models, name)) return name;
  }
  const bare = bareName(model);
  if (bare === '') return undefined;
  return (
    newestEdition(bare, table) ?? belowProvider(bare, table) ?? preview(bare, table) ?? priced(bare, table)
  );
}

function* spellings(model: string): Generator<string> {
  yield model;
  yield withoutContextSuffix(model);
  const bare = bareName(model);
  yield bare;
  const unversioned = bare.replace(bedrockVersion, '');
  yield unversioned;
  yield unversioned.replace('@', '-');
  yield unversioned.replace(dateSuffix, '');
  if (bare.startsWith('claude-')) yield bare.replace(/(\d)\.(\d)/, '$1-$2');
}

function withoutContextSuffix(model: string): string {
  return model.trim().toLowerCase().replace(contextSuffix, '');
}

function bareName(model: string): string {
  const plain = withoutContextSuffix(model);
  return plain.slice(plain.lastIndexOf('/') + 1).replace(bedrockProvider, '');
}

function newestEdition(model: string, table: PriceTable): string | undefined {
  const editions = Object.keys(table.models).filter(
    (name) => name.length > model.length && name.startsWith(model) && name.replace(dateSuffix, '') === model,
  );
  return editions.sort().at(-1);
}

function belowProvider(model: string, table: PriceTable): string | undefined {
  return Object.keys(table.models)
    .filter((name) => name.endsWith(`/${model}`))
    .sort()[0];
}

function preview(model: string, table: PriceTable): string | undefined {
  const name = `${model}-preview`;
  return Object.hasOwn(table.models, name) ? name : undefined;
}

function priced(model: string, table: PriceTable): string | undefined {
  const name = Object.hasOwn(pricedAs, model) ? pricedAs[model] : undefined;
  return name !== undefined && Object.hasOwn(table.models, name) ? name : undefined;
}
