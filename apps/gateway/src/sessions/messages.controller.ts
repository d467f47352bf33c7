import { Controller, Get, Param, Query } from '@nestjs/common';
import { messageListSchema, type MessageList } from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { NeedsMemory } from '../memory/needs-memory';
import { Parsed } from '../problems/parse';
import { messageQuerySchema, type MessageQuery } from './message-query';
import { Messages } from './messages';

/** Rows with previews, and the facts of eight of them; whole texts are counted beside it. */
const pageBytes = 8 * 1024 * 1024;

@Controller('api/sessions/:id/messages')
@NeedsMemory(pageBytes)
export class MessagesController {
  constructor(private readonly messages: Messages) {}

  @Get()
  @Describes({
    summary: "A session's messages with their whole texts, in the order of its feed",
    query: messageQuerySchema,
    answer: messageListSchema,
    notFound: true,
  })
  list(
    @Param('id') id: string,
    @Query(new Parsed(messageQuerySchema)) query: MessageQuery,
  ): Promise<MessageList> {
    return this.messages.page(id, query);
  }
}
