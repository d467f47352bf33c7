import { Controller, Get, Param, Query } from '@nestjs/common';
import { messageListSchema, type MessageList } from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { messageQuerySchema, type MessageQuery } from './message-query';
import { Messages } from './messages';

@Controller('api/sessions/:id/messages')
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
