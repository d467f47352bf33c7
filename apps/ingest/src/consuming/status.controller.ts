import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { ingestStatusPattern, type ServiceStatus } from '@telltale/contracts';
import { IngestIdentity } from './identity';
import { Statistics } from './statistics';

/** Answers how this replica is doing: Nest's NATS request pattern. */
@Controller()
export class StatusController {
  constructor(
    @Inject(IngestIdentity) private readonly identity: IngestIdentity,
    private readonly statistics: Statistics,
  ) {}

  @MessagePattern<string>(ingestStatusPattern, Transport.NATS)
  status(): ServiceStatus {
    const { instance, version, startedAt } = this.identity;
    return {
      name: 'ingest',
      instance,
      version,
      startedAt,
      pid: process.pid,
      rssBytes: process.memoryUsage.rss(),
      ...this.statistics.read(Date.now()),
    };
  }
}
