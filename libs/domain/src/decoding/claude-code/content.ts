import { asList, asObject, asText, type JsonObject } from '../reading/values';

/** The blocks of a message; a content of plain text is one text block. */
export function blocksOf(message: JsonObject | undefined): JsonObject[] {
  const content = message?.['content'];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return asList(content)
    .map(asObject)
    .filter((block) => block !== undefined);
}

/** The texts of text blocks, joined by a blank line. */
export function textOf(blocks: readonly JsonObject[]): string {
  const texts = blocks.filter((block) => block['type'] === 'text').map((block) => asText(block['text']));
  return texts.filter((text) => text !== undefined).join('\n\n');
}

/** What a tool answered, as text: pictures and references are named in brackets. */
export function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  const blocks = asList(content).map(asObject);
  return blocks.map((block) => (block === undefined ? '' : blockText(block))).join('\n');
}

function blockText(block: JsonObject): string {
  const text = asText(block['text']);
  if (text !== undefined) return text;
  const name = asText(block['tool_name']) ?? asText(block['type']) ?? 'block';
  return `[${name}]`;
}

/** Any block that asks for a tool: the client's own and the ones the API runs itself. */
export function isToolUse(block: JsonObject): boolean {
  const type = block['type'];
  return type === 'tool_use' || type === 'server_tool_use' || type === 'mcp_tool_use';
}

/** Every block that answers a tool use, by the id it states. */
export function isToolResult(block: JsonObject): boolean {
  const type = block['type'];
  return typeof type === 'string' && type.endsWith('tool_result');
}
