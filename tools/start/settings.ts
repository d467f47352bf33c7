import { databaseUrl, hostName, natsUrl, port, readEnvironment, telltaleHome } from '@telltale/platform';
import { z } from 'zod';

const schema = z.object({
  TELLTALE_HOME: telltaleHome,
  TELLTALE_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address to listen on, for example 127.0.0.1'),
  TELLTALE_PORT: port.default(4400),
  TELLTALE_HOST_NAME: hostName,
  TELLTALE_PUBLIC_URL: z.string().optional(),
  TELLTALE_NATS_PORT: port.optional(),
  NATS_URL: natsUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
});

export interface Settings {
  readonly home: string;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly hostName: string;
  readonly publicUrl: string | undefined;
  readonly natsPort: number | undefined;
  /** Set: used instead of the embedded ones. */
  readonly natsUrl: string | undefined;
  readonly databaseUrl: string | undefined;
}

/** @throws ConfigurationError naming every variable at fault */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  serversOnly: boolean,
): Settings {
  // Development keeps its state apart from that of a Telltale in use.
  const home = env['TELLTALE_HOME'] || (serversOnly ? '~/.telltale-dev' : undefined);
  const values = readEnvironment(schema, { ...env, TELLTALE_HOME: home });
  return {
    home: values.TELLTALE_HOME,
    host: values.TELLTALE_HOST,
    port: values.TELLTALE_PORT,
    hostName: values.TELLTALE_HOST_NAME,
    publicUrl: values.TELLTALE_PUBLIC_URL,
    natsPort: values.TELLTALE_NATS_PORT === 0 ? undefined : values.TELLTALE_NATS_PORT,
    natsUrl: values.NATS_URL,
    databaseUrl: values.DATABASE_URL,
  };
}
