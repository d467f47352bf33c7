import { CheckpointEntity } from './checkpoint.entity';
import { ClockLeaseEntity } from './clock-lease.entity';
import { FileStateEntity } from './file-state.entity';
import { IngestReplicaEntity } from './ingest-replica.entity';
import { QuarantinedRecordEntity } from './quarantined-record.entity';

/** Tables of the read model that are tended in passing. The rest is written in sets: docs/adr/0024. */
export const entities = [
  CheckpointEntity,
  IngestReplicaEntity,
  ClockLeaseEntity,
  FileStateEntity,
  QuarantinedRecordEntity,
];
