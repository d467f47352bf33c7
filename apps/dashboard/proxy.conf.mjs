// In development the dev server serves the pages and hands everything else to the gateway.
const gateway = `http://${process.env.TELLTALE_HOST ?? '127.0.0.1'}:${process.env.TELLTALE_PORT ?? '4400'}`;

export default {
  '/api': { target: gateway },
  '/socket.io': { target: gateway, ws: true },
};
