import type { Message, Session } from '@telltale/contracts';
import { markdownBlock, markdownInline } from '@telltale/domain';
import { markdownHead } from './markdown-head';
import { countWords, durationWords, moneyWords, timeWords } from './words';

const authors = { user: 'You', assistant: 'Assistant', tool: 'Tool', system: 'Error' } as const;

/** A document for people: what is known of the session, then all that was said. Texts of it are never markup. */
export async function* asMarkdown(
  session: Session,
  messages: AsyncIterable<Message>,
): AsyncGenerator<string> {
  let before = `${markdownHead(session)}## Transcript\n\n`;
  let number = 0;
  for await (const message of messages) {
    yield `${before}${markdownMessage(message, ++number)}`;
    before = '';
  }
  yield number === 0 ? `${before}Nothing was said yet.\n` : '';
}

/** A heading, a line of what it took, and the text in a fence. */
export function markdownMessage(message: Message, number: number): string {
  const { author, at, tool } = message;
  const who = tool ? `Tool ${markdownInline(tool.name)}` : authors[author];
  const head = `### ${number} · ${who} · ${timeWords(at)}\n\n`;
  const facts = factsOf(message);
  return `${head}${facts.length > 0 ? `${facts.join(' · ')}\n\n` : ''}${tool ? toolText(tool) : textOf(message.text)}`;
}

function factsOf(message: Message): string[] {
  const { agentId, model, tokens, costUsd, tool } = message;
  const facts = [
    agentId ? `Agent ${markdownInline(agentId)}` : '',
    tokens ? `${countWords(tokens.total)} tokens` : '',
    costUsd == null ? '' : moneyWords(costUsd),
    ...(tool ? toolFacts(tool) : [markdownInline(model ?? '')]),
  ];
  return facts.filter((fact) => fact !== '');
}

function toolFacts({ isError, durationMs }: NonNullable<Message['tool']>): string[] {
  return [isError ? 'failed' : '', durationMs === null ? '' : durationWords(durationMs)];
}

function toolText({ input, result }: NonNullable<Message['tool']>): string {
  const given = input === null ? '' : `Input\n\n${markdownBlock(input)}\n`;
  return `${given}${result === null ? 'No result yet.\n\n' : `Result\n\n${markdownBlock(result)}\n`}`;
}

function textOf(text: string): string {
  return text === '' ? 'No text.\n\n' : `${markdownBlock(text)}\n`;
}
