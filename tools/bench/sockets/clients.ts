import { percentiles, type Percentiles } from '../percentiles';
import { obey } from './orders';
import { RawClient, type RawClientRequest } from './raw-client';

export const clientsRole = 'sockets-clients';
/** Stands before the time of sending, epoch ms, in what is measured. */
export const sentMark = 'sent:';
const markBytes = Buffer.from(sentMark);

/** Clients in a process of their own, so that their work is not the server's. */
export type ClientOrders = {
  /** Gives how many there are now. */
  open: (request: Omit<RawClientRequest, 'onEvent'> & { readonly count: number }) => Promise<number>;
  stall: () => void;
  /** What arrived since it was asked last: how much, and how long it was on its way, ms. */
  arrived: () => Percentiles;
  close: () => void;
};

const atOnce = 20;

export function runClients(): void {
  let clients: RawClient[] = [];
  let samples: number[] = [];
  const onEvent = (payload: Buffer) => {
    const mark = payload.indexOf(markBytes);
    if (mark === -1) return;
    const begin = mark + markBytes.length;
    const sent = Number.parseFloat(payload.toString('latin1', begin, begin + 20));
    samples.push(performance.timeOrigin + performance.now() - sent);
  };
  const orders: ClientOrders = {
    open: async ({ count, ...request }) => {
      for (let n = 0; n < count; n += atOnce) {
        const few = Array.from({ length: Math.min(atOnce, count - n) }, () =>
          RawClient.open({ ...request, onEvent }),
        );
        clients.push(...(await Promise.all(few)));
      }
      return clients.length;
    },
    stall: () => clients.forEach((client) => client.stall()),
    arrived: () => {
      const arrived = percentiles(samples);
      samples = [];
      return arrived;
    },
    close: () => {
      for (const client of clients) client.close();
      clients = [];
    },
  };
  obey(orders);
}
