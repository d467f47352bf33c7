import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to NATS that can be listened to, and on which messages get lost as core NATS may lose them: whole, and without a word. */
export interface LossyNats {
  /** The URL of the server behind it, by this way. */
  readonly url: string;
  /** How many were lost so far. */
  readonly lost: number;
  /** The subjects that clients on this way have asked the server for, as it heard them. */
  subjects(): readonly string[];
  /** Loses messages of these subjects from now on where `isLost` says so. */
  lose(subjects: RegExp, isLost: () => boolean): void;
  close(): void;
}

interface Loss {
  readonly subjects: RegExp;
  readonly isLost: () => boolean;
}

export async function lossyNats(target: string): Promise<LossyNats> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const interests = new Set<Map<string, string>>();
  const state = { lost: 0, loss: undefined as Loss | undefined };
  const server = createServer((downstream) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
    const asked = new Map<string, string>();
    interests.add(asked);
    downstream.on('close', () => interests.delete(asked));
    const heard = protocolParts((part, [verb, ...words]) => {
      note(asked, verb, words);
      upstream.write(part);
    });
    const said = protocolParts((part, [verb, subject = '']) => {
      const { loss } = state;
      if (isMessage(verb) && loss?.subjects.test(subject) && loss.isLost()) state.lost++;
      else downstream.write(part);
    });
    downstream.on('data', heard);
    upstream.on('data', said);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href.replace(/\/$/, ''),
    get lost() {
      return state.lost;
    },
    subjects: () => [...interests].flatMap((asked) => [...asked.values()]),
    lose: (subjects, isLost) => (state.loss = { subjects, isLost }),
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

const end = Buffer.from('\r\n');

function isMessage(verb: string | undefined): boolean {
  return ['MSG', 'HMSG', 'PUB', 'HPUB'].includes(verb ?? '');
}

/** By the number of the subscription. */
function note(asked: Map<string, string>, verb: string | undefined, words: readonly string[]): void {
  if (verb === 'SUB') asked.set(words.at(-1) ?? '', words[0] ?? '');
  if (verb === 'UNSUB') asked.delete(words[0] ?? '');
}

/** Cuts what a peer sends into its parts, each with the words of its line: a line, or a message. */
function protocolParts(take: (part: Buffer, words: readonly string[]) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (let line = rest.indexOf(end); line !== -1; line = rest.indexOf(end)) {
      const words = rest.toString('latin1', 0, line).trim().split(' ');
      const size = line + end.length + (isMessage(words[0]) ? Number(words.at(-1)) + end.length : 0);
      if (rest.length < size) return;
      take(rest.subarray(0, size), words);
      rest = rest.subarray(size);
    }
  };
}
