import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { liveDeletedSubject } from '@telltale/contracts';
import { z } from 'zod';
import { NATS } from '../connections';

const deletedSchema = z.object({ sessionId: z.string().min(1) });

/** Undefined: of sessions that were deleted meanwhile nothing was heard, so it may have been any. */
export type Forget = (sessionId: string | undefined) => void;

/** Tells whoever keeps something of sessions that one was deleted for good: on every replica, whoever asked for it. */
@Injectable()
export class DeletedSessions implements OnModuleInit, BeforeApplicationShutdown {
  private readonly listeners = new Set<Forget>();
  private subscription: Subscription | undefined;

  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  hear(listener: Forget): void {
    this.listeners.add(listener);
  }

  onModuleInit(): void {
    this.subscription = this.nats.subscribe(liveDeletedSubject, {
      callback: (error, message) => {
        if (error) return;
        const deleted = deletedSchema.safeParse(parsed(message));
        this.tell(deleted.success ? deleted.data.sessionId : undefined);
      },
    });
    void this.followConnection();
  }

  beforeApplicationShutdown(): void {
    this.subscription?.unsubscribe();
  }

  private async followConnection(): Promise<void> {
    for await (const { type } of this.nats.status()) if (type === 'reconnect') this.tell(undefined);
  }

  private tell(sessionId: string | undefined): void {
    for (const listener of this.listeners) listener(sessionId);
  }
}

function parsed(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined; // not JSON: whatever it was to say, everything is forgotten
  }
}
