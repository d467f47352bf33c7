import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { ingestStatusPattern, serviceStatusSchema, type ServiceStatus } from '@telltale/contracts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CLOCK, NATS, type Clock } from '../connections';
import { version } from '../version';

/** How long all replicas have to answer, and how long after one answer another may still come. */
const waitMs = { all: 1500, next: 150 } as const;

/** Nest's envelope of an answer. */
const answerSchema = z.object({ response: serviceStatusSchema });

/** What runs, from the services' own answers. */
@Injectable()
export class Services {
  private readonly startedAt: string;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(CLOCK) now: Clock,
  ) {
    this.startedAt = new Date(now()).toISOString();
  }

  async list(): Promise<ServiceStatus[]> {
    const others = await this.ask(ingestStatusPattern);
    return [this.own(), ...others.sort((a, b) => (a.instance < b.instance ? -1 : 1))];
  }

  private own(): ServiceStatus {
    return {
      name: 'gateway',
      instance: `gateway-${process.pid}`,
      version,
      startedAt: this.startedAt,
      pid: process.pid,
      rssBytes: process.memoryUsage.rss(),
    };
  }

  /**
   * Asks every replica, in the words of Nest's NATS transport. Nest's own client takes the first answer only;
   * here all of them are wanted.
   */
  private async ask(pattern: string): Promise<ServiceStatus[]> {
    const request = JSON.stringify({ pattern, data: {}, id: randomUUID() });
    const found = new Map<string, ServiceStatus>();
    try {
      const answers = await this.nats.requestMany(pattern, request, {
        strategy: 'stall',
        maxWait: waitMs.all,
        stall: waitMs.next,
      });
      for await (const answer of answers) {
        const parsed = answerSchema.safeParse(answer.json());
        if (parsed.success) found.set(parsed.data.response.instance, parsed.data.response);
      }
    } catch {
      // Nobody there to answer, or no NATS: that nobody is there is what the page shows.
    }
    return [...found.values()];
  }
}
