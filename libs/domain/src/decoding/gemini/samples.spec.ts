import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSource, MemoryReadModel, type SourceFile } from '../../testing';
import { hasSamples, samplesFolder } from '../../testing/samples';
import { viewOf } from '../../projecting';
import { geminiChat, splitGeminiChat } from './chat-file';
import { geminiDecoder } from './decoder';

interface GeminiTruth {
  readonly session_id: string;
  readonly start: string;
  readonly messages: { readonly user?: number; readonly gemini?: number };
  readonly by_model: {
    readonly [model: string]: Record<'input' | 'output' | 'cached' | 'thoughts' | 'tool', number>;
  };
  readonly tool_calls: { readonly [name: string]: number };
}

const now = Date.UTC(2027, 0, 1);

function read(path: string, root: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const context = { source: 'gemini' as const, host: 'atlas', root, path: join(root, path) };
  if (geminiChat(root, context.path)?.format !== 'document')
    return { ...context, fact: 'file.appended', lines: text.split('\n').filter((line) => line !== '') };
  const lines = (splitGeminiChat(JSON.parse(text)) ?? []).map((line) => JSON.stringify(line));
  return { ...context, fact: 'file.replaced', lines };
}

function viewsOf(file: SourceFile) {
  const model = new MemoryReadModel();
  const decoded = decodeSource(geminiDecoder, file);
  model.apply(decoded.observations, 'gemini');
  return {
    refused: decoded.outcomes.filter(({ ok }) => !ok),
    views: [...model.sessions.values()].map((state) => viewOf(state, now)),
  };
}

if (hasSamples) {
  describe('the sample chats', () => {
    const { gemini: truth } = JSON.parse(readFileSync(join(samplesFolder, 'truth.json'), 'utf8')) as {
      gemini: Record<string, GeminiTruth>;
    };

    it.each(Object.entries(truth))('%s', (path, expected) => {
      const { refused, views } = viewsOf(read(path, join(samplesFolder, 'gemini')));
      expect(refused).toEqual([]);
      expect(views).toHaveLength(1);
      const [view] = views;
      if (view === undefined) throw new Error('no session');
      const { summary, detail } = view;
      expect(summary).toMatchObject({ id: expected.session_id, startedAt: expected.start });
      expect(summary.stats.prompts).toBe(expected.messages.user ?? 0);
      expect(summary.stats.messages).toBe((expected.messages.user ?? 0) + (expected.messages.gemini ?? 0));
      expect(Object.fromEntries(detail.tools.map(({ name, calls }) => [name, calls]))).toEqual(
        expected.tool_calls,
      );
      const tokens = detail.tokensByModel.map(({ model, tokens: counted }) => [model, counted]);
      const wanted = Object.entries(expected.by_model).map(([model, figures]) => [
        model,
        expect.objectContaining({
          input: figures.input - figures.cached + figures.tool,
          cacheRead: figures.cached,
          output: figures.output + figures.thoughts,
          reasoning: figures.thoughts,
        }),
      ]);
      expect(tokens).toEqual(wanted);
      expect(summary.stats.unpricedModels).toEqual([]);
    });

    it.each(readdirSync(join(samplesFolder, 'agent-fixtures/gemini')))('fixture %s is read whole', (name) => {
      const root = join(samplesFolder, 'agent-fixtures/gemini');
      const file = read(name, root);
      const document = name.endsWith('.json');
      const lines = document
        ? (splitGeminiChat(JSON.parse(readFileSync(join(root, name), 'utf8'))) ?? []).map((line) =>
            JSON.stringify(line),
          )
        : file.lines;
      const path = `/g/tmp/p/chats/session-${name}`;
      const { refused, views } = viewsOf({
        ...file,
        root: '/g',
        path,
        fact: document ? 'file.replaced' : 'file.appended',
        lines,
      });
      expect(refused).toEqual([]);
      expect(views.length).toBe(1);
      expect(views[0]?.summary.stats.messages).toBeGreaterThan(0);
    });
  });
}
