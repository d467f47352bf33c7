import { Controller, Get, Inject } from '@nestjs/common';
import { asyncApiDocument } from '@telltale/contracts/asyncapi';
import { natsServers } from '@telltale/platform';
import { z } from 'zod';
import { publicBase, type GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { version } from '../version';
import { Describes } from './describes';

const documentSchema = z.looseObject({
  asyncapi: z.literal('3.0.0'),
  channels: z.record(z.string(), z.unknown()),
});

@Controller('api/asyncapi')
export class AsyncApiController {
  private readonly document: Readonly<Record<string, unknown>>;

  constructor(@Inject(CONFIG) config: GatewayConfig) {
    const nats = natsServers(config.natsUrl).servers.join(',');
    this.document = asyncApiDocument({
      version,
      servers: { nats, gateway: new URL(publicBase(config)).host },
    });
  }

  @Get()
  @Describes({
    summary: 'Subjects of NATS and events of the socket, as AsyncAPI 3',
    answer: documentSchema,
    examples: { answer: { asyncapi: '3.0.0', channels: {} } },
  })
  describe(): Readonly<Record<string, unknown>> {
    return this.document;
  }
}
