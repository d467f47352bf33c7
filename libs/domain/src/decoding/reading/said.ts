import type { Observation, SessionRegisters, Stamped } from '../../observation';

type Common = 'sessionId' | 'at' | 'place' | 'agentId';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An observation but for what the record already says. */
export type Said = Without<Observation, Common>;

export type RegisterName = keyof SessionRegisters;
export type RegisterValue<K extends RegisterName> =
  NonNullable<SessionRegisters[K]> extends Stamped<infer T> ? T : never;
