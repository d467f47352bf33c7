import type { Message, Session } from '@telltale/contracts';
import { inertJson } from '@telltale/domain';

/** `{"session": …, "messages": […]}`, a message on each line. */
export async function* asJson(session: Session, messages: AsyncIterable<Message>): AsyncGenerator<string> {
  let before = `{"session":${inertJson(session)},\n"messages":[\n`;
  for await (const message of messages) {
    yield before + inertJson(message);
    before = ',\n';
  }
  yield before === ',\n' ? '\n]}\n' : `${before}]}\n`;
}

/** A JSON value on each line. */
export async function* asNdjson(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${inertJson(value)}\n`;
}
