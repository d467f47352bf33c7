import { JetStreamApiError } from '@nats-io/jetstream';

/** "wrong last sequence", and its variant without the number. */
const codes: readonly number[] = [10071, 10164];

/** Whether a publish was refused because another one came first: its subject's last fact is not the one it named. */
export function isWrongLastSequence(error: unknown): boolean {
  return error instanceof JetStreamApiError && codes.includes(error.code);
}
