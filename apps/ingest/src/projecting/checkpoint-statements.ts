import type { QueryConfig } from 'pg';
import { binaryArray, type Element, type ElementType } from './binary-array';

/** The lease under which a commit moves a partition's checkpoint. */
export interface CheckpointMove {
  readonly partition: number;
  readonly epoch: number;
  readonly fromSequence: number;
  readonly toSequence: number;
  /** `ce-id` of the fact at `toSequence`. */
  readonly toFact: string | null;
  readonly leaseMs: number;
}

/** Where a commit stands in the log. */
export interface CommitPlace {
  /** Whose search notes what changes: one of `moves`, whose commits follow one another. */
  readonly partition: number;
  /** None for what reads nothing on, and needs no lease: it may be said by anybody at any time. */
  readonly moves: readonly CheckpointMove[];
}

/**
 * What is queued for the search comes under the lock of its partition's checkpoint: so rows of one queue are committed in
 * the order of their ids, whoever writes them, and none comes to lie behind what was read.
 */
export function checkpointsFirst(
  place: CommitPlace,
  queued: QueryConfig | undefined,
): (QueryConfig | undefined)[] {
  if (queued === undefined) return [moveCheckpoints(place.moves)];
  return [moveCheckpoints(place.moves) ?? lockCheckpoint(place.partition), queued];
}

function lockCheckpoint(partition: number): QueryConfig {
  return {
    name: 'lock_checkpoint',
    text: 'select 1 from checkpoint where partition = $1 for update',
    values: [partition],
  };
}

/** By partition, as leases are renewed: no two transactions wait for each other. */
function moveCheckpoints(moves: readonly CheckpointMove[]): QueryConfig | undefined {
  if (moves.length === 0) return undefined;
  const sorted = [...moves].sort((a, b) => a.partition - b.partition);
  const column = (type: ElementType, of: (move: CheckpointMove) => Element) =>
    binaryArray(type, sorted.map(of));
  return {
    name: 'move_checkpoints',
    text: `select move_checkpoint(partition, epoch, from_sequence, to_sequence, to_fact, lease_ms)
      from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::integer[])
        as moved(partition, epoch, from_sequence, to_sequence, to_fact, lease_ms)`,
    values: [
      column('smallint', (move) => move.partition),
      column('bigint', (move) => move.epoch),
      column('bigint', (move) => move.fromSequence),
      column('bigint', (move) => move.toSequence),
      column('text', (move) => move.toFact),
      column('integer', (move) => move.leaseMs),
    ],
  };
}
