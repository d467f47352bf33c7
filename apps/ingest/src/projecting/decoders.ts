import type { Source } from '@telltale/contracts';
import { claudeCodeDecoder, type LineDecoder } from '@telltale/domain';

const decoders: Partial<Record<Source, LineDecoder>> = { 'claude-code': claudeCodeDecoder };

/** Undefined for a source this build cannot read yet: its files are parked. */
export function decoderFor(source: string): LineDecoder | undefined {
  return Object.hasOwn(decoders, source) ? decoders[source as Source] : undefined;
}

/** The version of each source's decoder. */
export function decoderVersions(): Record<string, number> {
  return Object.fromEntries(Object.entries(decoders).map(([source, decoder]) => [source, decoder.version]));
}
