import { Injectable } from '@nestjs/common';
import type { Message, Session } from '@telltale/contracts';
import { FullTexts } from '../log/full-texts';
import { MessageTexts } from '../sessions/message-text';
import { toMessage, type MessageRow } from '../sessions/message-row';
import { Messages, placeOfRow } from '../sessions/messages';
import { SessionDetails } from '../sessions/session-detail';
import { AnsweringLog } from './answering-log';

/** Rows with previews of up to 2 KiB each: at most half a megabyte at once. */
const pageRows = 100;

/** What was being read is not there any more: what was sent is not the whole. */
export class VanishedError extends Error {
  override readonly name = 'VanishedError';
}

/** A session's whole feed, a message at a time. */
@Injectable()
export class SessionFeed {
  private readonly texts: MessageTexts;

  constructor(
    private readonly rows: Messages,
    private readonly sessions: SessionDetails,
    log: AnsweringLog,
  ) {
    this.texts = new MessageTexts(new FullTexts(log));
  }

  /**
   * The messages there are now, with their whole texts: one page of rows and one text are in memory. Each page is one
   * statement, so nothing is held in the database while the reader takes its time. What comes later is left out, so
   * that the end comes however fast a session grows. Whether the session is still there is asked at the end whatever
   * was read: had it gone before the first page, or between the last one and its texts, nothing else would tell.
   *
   * @throws ProblemException 404 where the session was deleted meanwhile, VanishedError where it was derived anew;
   * what Postgres or NATS throw
   */
  async *messages(session: Session): AsyncGenerator<Message, undefined> {
    const [last] = await this.rows.rows(session.id, { limit: 1 }, { direction: 'backward', from: undefined });
    if (last !== undefined) {
      for await (const row of this.forward(session.id)) {
        yield toMessage(row, await this.texts.of(row));
        if (row.key === last.key) break;
      }
    }
    const now = await this.sessions.get(session.id);
    if (generationOf(now) !== generationOf(session))
      throw new VanishedError(`the session ${JSON.stringify(session.id)} was derived anew`);
    return undefined;
  }

  private async *forward(sessionId: string): AsyncGenerator<MessageRow, undefined> {
    let from: ReturnType<typeof placeOfRow> | undefined;
    for (;;) {
      const rows = await this.rows.rows(sessionId, { limit: pageRows }, { direction: 'forward', from });
      const page = rows.slice(0, pageRows);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || rows.length <= pageRows) return undefined;
      from = placeOfRow(last);
    }
  }
}

function generationOf({ revision }: Session): string {
  return revision.slice(0, revision.lastIndexOf('.'));
}
