import { relative, sep } from 'node:path';
import { geminiChat, splitGeminiChat } from '@telltale/domain';
import { ElementReader } from '../../tailing/element-reader';
import type { WatchedSource } from '../source';

/** Gemini CLI's chats: `tmp/<project>/chats` below each root. */
export function geminiSource(roots: readonly string[]): WatchedSource {
  return {
    name: 'gemini',
    roots,
    entersDirectory(root, directory) {
      const [tmp, , chats, , ...deeper] = relative(root, directory).split(sep);
      return tmp === 'tmp' && (chats === undefined || chats === 'chats') && deeper.length === 0;
    },
    describeFile(root, path) {
      const chat = geminiChat(root, path);
      if (chat === undefined) return undefined;
      const reading = chat.format === 'lines' ? 'lines' : () => new ElementReader(splitGeminiChat);
      return { reading, orderingKey: path };
    },
  };
}
