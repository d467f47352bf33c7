import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '@telltale/platform';
import type { AddressInfo } from 'node:net';
import { createApplication } from '../../application';
import type { GatewayConfig } from '../../config';
import { CONFIG, connect, LOGGER, type Clock } from '../../connections';
import type { TestGateway } from '../../testing/test-gateway';

export interface Replica {
  readonly url: string;
  readonly app: NestExpressApplication;
  stop(): Promise<void>;
}

/** One more gateway on the same servers, with a clock of its own where one is given. */
export async function startReplica(gateway: TestGateway, clock: Clock = Date.now): Promise<Replica> {
  const connections = await connect(gateway.app.get<GatewayConfig>(CONFIG));
  const app = await createApplication({ ...connections, logger: gateway.app.get<Logger>(LOGGER), clock });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, app, stop: () => app.close() };
}
