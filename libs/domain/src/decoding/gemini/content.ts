import { asList, asObject, asText } from '../reading/values';

/** The words of a message: a text, or a list of parts of which some hold text. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return partsOf(content)
    .map((part) => (typeof part === 'string' ? part : asText(asObject(part)?.['text'])))
    .filter((text) => text !== undefined && text !== '')
    .join('\n');
}

/** How many pictures a message carries. */
export function imagesIn(content: unknown): number {
  return partsOf(content).filter((part) =>
    asText(asObject(asObject(part)?.['inlineData'])?.['mimeType'])?.startsWith('image/'),
  ).length;
}

function partsOf(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? asList(content) : [content];
}
