import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be made to stand still: what comes back from there is not read any more, whoever comes. */
export interface PausableProxy {
  readonly url: string;
  pause(): void;
  resume(): void;
  close(): void;
}

export async function pausableProxy(target: string): Promise<PausableProxy> {
  const { hostname, port } = new URL(target);
  const upstreams = new Set<Socket>();
  let isPaused = false;
  const server = createServer((downstream) => {
    const upstream = connect(Number(port), hostname);
    upstreams.add(upstream);
    for (const [from, to] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    downstream.pipe(upstream);
    upstream.on('data', (bytes) => downstream.write(bytes));
    if (isPaused) upstream.pause();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pause: () => {
      isPaused = true;
      upstreams.forEach((upstream) => upstream.pause());
    },
    resume: () => {
      isPaused = false;
      upstreams.forEach((upstream) => upstream.resume());
    },
    close: () => {
      upstreams.forEach((upstream) => upstream.destroy());
      server.close();
    },
  };
}
