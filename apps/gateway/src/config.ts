import { commaList, databaseUrl, hostName, natsUrl, port, readEnvironment } from '@telltale/platform';
import { isIP } from 'node:net';
import { z } from 'zod';

/** How the gateway is set up. Parsed once, at start. */
export interface GatewayConfig {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** The address to bind to. */
  readonly host: string;
  /** 0 lets the system pick a free one. */
  readonly port: number;
  /** Where people reach the gateway, without a slash at its end, if that is not `http://<host>:<port>`. */
  readonly publicUrl: string | undefined;
  /** Foreign origins whose pages may call the API and the socket. */
  readonly allowedOrigins: readonly string[];
  /** Addresses and networks whose `X-Forwarded-…` headers say who asks; `loopback` is one, too. */
  readonly trustedProxies: readonly string[];
  /** What pushed sessions are said to come from; the same for all replicas of one gateway. */
  readonly hostName: string;
  /** Requests a second that one token may push; ten seconds' worth at once. */
  readonly pushRate: number;
  /** Sockets and event streams that one user may have open, by whatever browsers and tokens. */
  readonly socketsPerUser: number;
  /** Password of `admin` at the very first start. */
  readonly adminPassword: string | undefined;
  /** The built dashboard; may be absent. */
  readonly dashboardDir: string | undefined;
}

const origin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin);

const environmentSchema = z.object({
  NATS_URL: natsUrl,
  DATABASE_URL: databaseUrl,
  TELLTALE_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address to listen on, for example 127.0.0.1'),
  TELLTALE_PORT: port.default(4400),
  TELLTALE_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('the address people open in the browser, for example https://telltale.example.org'),
  TELLTALE_ALLOWED_ORIGINS: commaList
    .pipe(z.array(origin))
    .describe('a comma-separated list of origins, for example https://tools.example.org'),
  TELLTALE_TRUSTED_PROXIES: commaList
    .pipe(z.array(z.string().refine(isProxy, { error: 'not an address' })))
    .describe('a comma-separated list of addresses and networks, for example loopback,10.0.0.0/8'),
  TELLTALE_HOST_NAME: hostName,
  TELLTALE_PUSH_RATE: z.coerce
    .number({ error: 'not a number' })
    .positive('not above 0')
    .max(1_000_000, 'above 1000000')
    .default(100)
    .describe('how many requests a second one token may push, for example 100'),
  TELLTALE_SOCKETS_PER_USER: z.coerce
    .number({ error: 'not a number' })
    .int('not a whole number')
    .positive('not above 0')
    .max(100_000, 'above 100000')
    .default(512)
    .describe('how many sockets and event streams one user may have open, for example 512'),
  TELLTALE_ADMIN_PASSWORD: z.string().min(1).optional(),
  TELLTALE_DASHBOARD_DIR: z.string().min(1).optional(),
});

/** @throws ConfigurationError naming every variable at fault */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): GatewayConfig {
  const read = readEnvironment(environmentSchema, env);
  return {
    natsUrl: read.NATS_URL,
    databaseUrl: read.DATABASE_URL,
    host: read.TELLTALE_HOST,
    port: read.TELLTALE_PORT,
    publicUrl: read.TELLTALE_PUBLIC_URL,
    allowedOrigins: read.TELLTALE_ALLOWED_ORIGINS,
    trustedProxies: read.TELLTALE_TRUSTED_PROXIES,
    hostName: read.TELLTALE_HOST_NAME,
    pushRate: read.TELLTALE_PUSH_RATE,
    socketsPerUser: read.TELLTALE_SOCKETS_PER_USER,
    adminPassword: read.TELLTALE_ADMIN_PASSWORD,
    dashboardDir: read.TELLTALE_DASHBOARD_DIR,
  };
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && more.length === 0 && (bits === undefined || isUpTo(bits, most));
}

function isUpTo(digits: string, most: number): boolean {
  return /^\d{1,3}$/.test(digits) && Number(digits) >= 1 && Number(digits) <= most;
}

/** The address to print and to put into links. A gateway bound to every address is reached by loopback here. */
export function publicBase(config: Pick<GatewayConfig, 'host' | 'port' | 'publicUrl'>): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const host = isUnspecified(config.host) ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`;
}

/** Bound to every address of the machine. */
export function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
