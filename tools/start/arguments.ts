import { StartFailure } from './failure';

export interface Arguments {
  /** Play believable sessions beside the real ones. */
  readonly demo: boolean;
  /** Only PostgreSQL and NATS, for development: the services are run by `nx serve`. */
  readonly serversOnly: boolean;
}

const known = ['--demo', '--servers-only'];

/** @throws StartFailure for an argument that means nothing here */
export function readArguments(args: readonly string[]): Arguments {
  const unknown = args.find((arg) => !known.includes(arg));
  if (unknown !== undefined)
    throw new StartFailure(`"${unknown}" means nothing here. Usage: npm start [-- --demo]`);
  return { demo: args.includes('--demo'), serversOnly: args.includes('--servers-only') };
}
