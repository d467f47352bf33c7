/** What one connection may cost. Times in milliseconds. */
export interface HttpLimits {
  /** For a request's headers, and for a connection's first byte. */
  readonly headersMs: number;
  /** For a whole request with its body. */
  readonly requestMs: number;
  /** Without a byte either way while an answer is under way; streams that stay open speak every 30 s. */
  readonly idleMs: number;
  /** While an answer waits to be taken, at least `readBytes` are within `readEveryMs`. */
  readonly readEveryMs: number;
  readonly readBytes: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  /** For what is under way when the gateway is told to stop. */
  readonly drainMs: number;
  /** How often connections are looked at for the first two. */
  readonly checkEveryMs: number;
  /** Of a request, all together. */
  readonly headerBytes: number;
}

export const httpLimits: HttpLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  idleMs: 75_000,
  readEveryMs: 30_000,
  readBytes: 120 * 1024,
  keepAliveMs: 10_000,
  drainMs: 2000,
  checkEveryMs: 5000,
  headerBytes: 16 * 1024,
};
