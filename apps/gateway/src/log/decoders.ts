import type { Source } from '@telltale/contracts';
import { claudeCodeDecoder, type LineDecoder } from '@telltale/domain';

/** Who can read a source's lines. Sources without an entry show previews. */
export function decoderOf(source: Source): LineDecoder | undefined {
  return source === 'claude-code' ? claudeCodeDecoder : undefined;
}
