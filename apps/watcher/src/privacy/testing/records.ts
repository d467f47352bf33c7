import * as fc from 'fast-check';
import { anyPlanted, type Planted } from './planted';

/** A line of a transcript, made up, and the secrets that were put into its texts. */
export interface PlantedLine {
  readonly line: string;
  readonly secrets: readonly string[];
}

const blank = fc.constantFrom(' ', '\n', ' "', '" ', '\t', '\n\n> ', ': `', '` ');
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'Let me look at the cart.',
    '{"a":[1,"b\\n"]}',
    '✅ Completed: the cart',
    'C:\\new\\table',
    '"',
    '\\',
    '\u001b[1m',
  ),
);

interface Text {
  readonly text: string;
  readonly secrets: readonly string[];
}

/** Texts with and without secrets in them, each with something around it. */
const text: fc.Arbitrary<Text> = fc
  .array(fc.tuple(words, blank, fc.option(anyPlanted, { freq: 2 }), blank), { maxLength: 4 })
  .map((pieces) => ({
    text: pieces.map(([before, left, one, right]) => before + left + (one?.text ?? '') + right).join(''),
    secrets: pieces.flatMap(([, , one]) => (one === null ? [] : linesOf(one))),
  }));

function linesOf({ secret }: Planted): string[] {
  return secret.split('\n');
}

const id = fc.oneof(
  fc.uuid(),
  fc.constantFrom('toolu_01EwspVzeHSUpuWF279DNRgo', 'req_011CXL6axY8b5bU9ukgdFVdo', 'AKIAIOSFODNN7EXAMPLE'),
  anyPlanted.map(({ text }) => text).filter((one) => /^[\w.-]{1,100}$/.test(one)),
);

/** Of several tools, with texts wherever texts stand in them. */
export const plantedLine: fc.Arbitrary<PlantedLine> = fc
  .record({
    ids: fc.tuple(id, id, id),
    texts: fc.tuple(text, text, text, text),
    figure: fc.nat(),
    kind: fc.nat(3),
  })
  .map(({ ids, texts, figure, kind }) => ({
    line: JSON.stringify(
      recordOf(
        kind,
        ids,
        texts.map((one) => one.text),
        figure,
      ),
    ),
    secrets: texts.flatMap((one) => one.secrets),
  }));

function recordOf(kind: number, ids: readonly string[], texts: readonly string[], figure: number): object {
  const [uuid, id, sessionId] = ids;
  const [first, second, third, fourth] = texts;
  const common = { uuid, sessionId, timestamp: '2026-03-01T09:00:00.000Z', cwd: '/home/dev/shop' };
  switch (kind) {
    case 0:
      return {
        type: 'assistant',
        ...common,
        message: {
          id,
          model: 'claude-opus-4-6',
          content: [
            { type: 'text', text: first },
            {
              type: 'tool_use',
              id,
              name: 'Bash',
              input: { command: second, env: { id: third }, [fourth ?? '']: true },
            },
          ],
          usage: { input_tokens: figure, output_tokens: 7 },
        },
      };
    case 1:
      return {
        type: 'user',
        ...common,
        message: {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: id, content: first, is_error: false }],
        },
        toolUseResult: {
          stdout: second,
          stderr: third,
          durationMs: figure,
          agentId: 'a1',
          nested: [[fourth]],
        },
      };
    case 2:
      return {
        timestamp: common.timestamp,
        type: 'response_item',
        payload: {
          type: 'function_call',
          name: 'exec_command',
          call_id: id,
          arguments: JSON.stringify({ cmd: first, plan: [{ step: second, status: 'completed' }], n: figure }),
          output: third,
        },
      };
    default:
      return {
        element: 'messages/3',
        value: {
          id,
          type: 'gemini',
          content: first,
          tokens: { input: figure },
          toolCalls: [{ id: uuid, args: { content: second }, status: 'success', resultDisplay: third }],
        },
      };
  }
}
