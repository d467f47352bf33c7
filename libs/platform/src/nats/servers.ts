export interface NatsServers {
  /** `host:port` each. */
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly tls: boolean;
}

/** Takes `NATS_URL` apart: the client wants user and password as options. The first URL that has them decides. */
export function natsServers(url: string): NatsServers {
  const parsed = url
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => new URL(part));
  const signed = parsed.find((server) => server.username !== '');
  return {
    servers: parsed.map((server) => `${server.hostname}:${server.port === '' ? '4222' : server.port}`),
    tls: parsed.some((server) => server.protocol === 'tls:'),
    ...(signed
      ? { user: decodeURIComponent(signed.username), pass: decodeURIComponent(signed.password) }
      : {}),
  };
}
