import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ServiceStatus } from '@telltale/contracts';
import { WatcherService } from '../watcher-service';
import { watcherStatusPattern } from './status-pattern';

/** A controller for one host: the host is part of the subject it answers on. */
export function statusController(host: string): Type {
  @Controller()
  class StatusController {
    constructor(private readonly service: WatcherService) {}

    @MessagePattern<string>(watcherStatusPattern(host))
    status(): ServiceStatus {
      return this.service.status();
    }
  }
  return StatusController;
}
