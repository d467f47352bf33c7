import { Body, Controller, HttpCode, Param, Post, UseGuards, type PipeTransform } from '@nestjs/common';
import {
  pushChatRequestSchema,
  pushedChatSchema,
  pushedSchema,
  pushedSessionId,
  pushEndRequestSchema,
  pushMessageSchema,
  pushMessagesSchema,
  pushSessionRequestSchema,
  type Pushed,
  type PushedChat,
  type PushEndRequest,
  type PushMessage,
  type PushSessionRequest,
} from '@telltale/contracts';
import { randomUUID } from 'node:crypto';
import { ForScope } from '../accounts/access';
import { Describes } from '../openapi/describes';
import { parse, Parsed } from '../problems/parse';
import { notFound } from '../problems/problem';
import { endFact, messagesFact, sessionFact } from './push-lines';
import { PushLog } from './push-log';
import { PushRateGuard } from './push-rate.guard';
import { PushTargets } from './push-targets';

/** Which of the two forms a body has decides which one's faults are told. */
class ParsedMessages implements PipeTransform<unknown, readonly PushMessage[]> {
  transform(body: unknown): readonly PushMessage[] {
    const isList = typeof body === 'object' && body !== null && 'messages' in body;
    return isList ? parse(pushMessagesSchema, body).messages : [parse(pushMessageSchema, body)];
  }
}

const problems = {
  403: 'The token lacks the scope push, or the user is no administrator',
  409: 'The id is that of a session of another source',
  410: 'The session was deleted for good',
  413: 'The request is too large',
  415: 'The request is no JSON',
  429: 'Too many requests with this token; Retry-After says when to try again',
  503: 'The log did not answer; send it again with the same keys',
};

/** Sessions of programs that write no transcripts: what they report becomes facts in the log. */
@Controller('api/sessions')
@ForScope('push')
@UseGuards(PushRateGuard)
export class PushController {
  constructor(
    private readonly targets: PushTargets,
    private readonly log: PushLog,
  ) {}

  @Post()
  @Describes({
    summary: 'Announces a pushed session, or says anew what it is',
    body: pushSessionRequestSchema,
    answer: pushedSchema,
    status: 201,
    problems,
  })
  async announce(@Body(new Parsed(pushSessionRequestSchema)) body: PushSessionRequest): Promise<Pushed> {
    const nativeId = await this.targets.resolve(body.session_id ?? randomUUID(), 'session_id');
    await this.log.append(nativeId, sessionFact(body));
    return pushed(nativeId);
  }

  @Post(':id/chat')
  @HttpCode(202)
  @Describes({
    summary: 'Adds messages to a pushed session; an unknown one begins with them',
    body: pushChatRequestSchema,
    answer: pushedChatSchema,
    status: 202,
    problems,
  })
  async chat(
    @Param('id') id: string,
    @Body(new ParsedMessages()) messages: readonly PushMessage[],
  ): Promise<PushedChat> {
    const nativeId = await this.targets.resolve(id, 'id');
    await this.log.append(nativeId, messagesFact(messages));
    return { ...pushed(nativeId), accepted: messages.length };
  }

  @Post(':id/end')
  @HttpCode(202)
  @Describes({
    summary: 'Ends a pushed session; a later message opens it again',
    body: pushEndRequestSchema,
    answer: pushedSchema,
    status: 202,
    notFound: true,
    problems,
  })
  async end(
    @Param('id') id: string,
    @Body(new Parsed(pushEndRequestSchema)) body: PushEndRequest,
  ): Promise<Pushed> {
    const nativeId = await this.targets.resolve(id, 'id');
    const known = (await this.log.holds(nativeId)) || (await this.targets.isKnown(pushedSessionId(nativeId)));
    if (!known) throw notFound(`There is no pushed session ${JSON.stringify(nativeId)}.`);
    await this.log.append(nativeId, endFact(body));
    return pushed(nativeId);
  }
}

function pushed(nativeId: string): Pushed {
  return { session_id: nativeId, id: pushedSessionId(nativeId) };
}
