import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { factsPattern, FactsContext, factsTransportId, type FactMessage } from '@telltale/platform';
import { FactsHandler } from './facts-handler';
import { Partitions } from './partitions';
import { UnwrappedErrors } from './unwrapped-errors';

/** The log's door: batches of consecutive facts of one partition. */
@Controller()
@UseFilters(UnwrappedErrors)
export class FactsController {
  constructor(
    private readonly handler: FactsHandler,
    private readonly partitions: Partitions,
  ) {}

  @EventPattern<string>(factsPattern, factsTransportId)
  async project(@Payload() batch: FactMessage[], @Ctx() context: FactsContext): Promise<void> {
    const held = this.partitions.lease(context.partition);
    // The lease went while the batch waited: its new owner reads these facts.
    if (held === undefined) return;
    await this.handler.handle(batch, held);
  }
}
