export interface Announcement {
  readonly url: string;
  readonly signInLink: string;
  /** The embedded NATS server's read-only URL. */
  readonly reader: string | undefined;
  readonly demo: boolean;
}

/** What the person wants to know once it runs. */
export function announcement({ url, signInLink, reader, demo }: Announcement): string[] {
  return [
    '',
    `Telltale is ready: ${url}`,
    `  Sign in (once, soon): ${signInLink}`,
    ...(reader ? [`  Live data for other tools: nats sub 'telltale.live.>' --server ${reader}`] : []),
    ...(demo ? ['  Demo sessions are played beside the real ones, and marked so.'] : []),
    '  Ctrl-C ends it.',
    '',
  ];
}

/** Where something that listens on a host is reached from this machine: an unspecified address means all, so also loopback. */
export function localUrl(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}
