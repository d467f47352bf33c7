import { asList, asObject, asText, type JsonObject } from '../reading/values';

/** The texts of a content, which is a text or a list of parts; in older records it stands under another name. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? asList(content) : [content];
  const texts = parts.map((part) => asText(asObject(part)?.['text']));
  return texts.filter((text) => text !== undefined).join('\n\n');
}

/** What a call answered, as text: a text, parts, or an object around one of them. Pictures are named in brackets. */
export function outputText(output: unknown): string {
  if (typeof output === 'string') return unwrapped(output);
  if (Array.isArray(output)) return output.map(partText).join('\n');
  const object = asObject(output);
  if (object === undefined) return '';
  const inner = object['content'] ?? object['output'] ?? object['stdout'] ?? object['text'];
  return typeof inner === 'string' ? inner : asList(inner).map(partText).join('\n');
}

/** Older versions put the output with its exit code into JSON. */
function unwrapped(output: string): string {
  const inner = wrapped(output)?.['output'];
  return typeof inner === 'string' ? inner : output;
}

/** The object of an output that is JSON with `output` or `metadata`; undefined for all else. */
export function wrapped(output: string): JsonObject | undefined {
  if (!output.startsWith('{"')) return undefined;
  try {
    const object = asObject(JSON.parse(output));
    return object !== undefined && ('output' in object || 'metadata' in object) ? object : undefined;
  } catch {
    return undefined; // a text that only begins like JSON
  }
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const object = asObject(part);
  return asText(object?.['text']) ?? `[${asText(object?.['type']) ?? 'part'}]`;
}

/** Pictures that came with a message. */
export function imageCount(payload: JsonObject): number {
  const parts = asList(payload['content']).map(asObject);
  return (
    asList(payload['images']).length +
    asList(payload['local_images']).length +
    parts.filter((part) => asText(part?.['type'])?.includes('image')).length
  );
}
