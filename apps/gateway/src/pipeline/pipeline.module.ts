import { Module } from '@nestjs/common';
import { BehindTheLog } from './behind-the-log';
import { HostsController } from './hosts.controller';
import { Partitions } from './partitions';
import { PipelineController } from './pipeline.controller';
import { PipelineState } from './pipeline-state';
import { Services } from './services';
import { WatcherStore } from './watcher-store';
import { Watchers } from './watchers';

@Module({
  controllers: [PipelineController, HostsController],
  providers: [PipelineState, Watchers, WatcherStore, Services, Partitions, BehindTheLog],
})
export class PipelineModule {}
