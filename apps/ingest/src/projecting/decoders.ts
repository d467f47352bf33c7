import type { Source } from '@telltale/contracts';
import { claudeCodeDecoder, type LineDecoder } from '@telltale/domain';

const decoders: Partial<Record<Source, LineDecoder>> = { 'claude-code': claudeCodeDecoder };

/** Undefined for a source this build cannot read yet: its files are parked. */
export function decoderFor(source: string): LineDecoder | undefined {
  return Object.hasOwn(decoders, source) ? decoders[source as Source] : undefined;
}
