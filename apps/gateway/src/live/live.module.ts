import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { SessionsModule } from '../sessions/sessions.module';
import { Broadcasts } from './broadcasts';
import { DeltaFeed } from './delta-feed';
import { EarlierEvents } from './earlier-events';
import { EmitLatency } from './emit-latency';
import { LiveGateway } from './live.gateway';
import { LiveRooms } from './live-rooms';
import { LostDeltas } from './lost-deltas';
import { OpenCredentials } from './open-credentials';
import { SlowClients } from './slow-clients';
import { Snapshots } from './snapshots';
import { SocketAccess } from './socket-access';

@Module({
  imports: [AccountsModule, SessionsModule],
  providers: [
    LiveGateway,
    LiveRooms,
    LostDeltas,
    DeltaFeed,
    Snapshots,
    Broadcasts,
    SocketAccess,
    OpenCredentials,
    SlowClients,
    EarlierEvents,
    EmitLatency,
  ],
  exports: [DeltaFeed, LiveRooms, EarlierEvents, OpenCredentials, SocketAccess],
})
export class LiveModule {}
