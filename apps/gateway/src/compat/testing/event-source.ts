export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
}

/**
 * An EventSource as the HTML standard describes it: lines end with CR, LF or both; a blank line dispatches what was
 * collected; a line that begins with a colon is a comment. Unlike a browser's it shows comments and does not reconnect.
 */
export class EventSourceClient {
  readonly events: ServerSentEvent[] = [];
  readonly comments: string[] = [];
  closed = false;
  private readonly abort = new AbortController();
  private type = '';
  private data: string[] = [];

  private constructor(
    readonly status: number,
    readonly headers: Headers,
  ) {}

  static async open(url: string, init: RequestInit = {}): Promise<EventSourceClient> {
    const abort = new AbortController();
    const headers = { accept: 'text/event-stream', ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(url, { ...init, headers, signal: abort.signal });
    const client = new EventSourceClient(response.status, response.headers);
    client.abort.signal.addEventListener('abort', () => abort.abort());
    void client.read(response);
    return client;
  }

  /** Data of the events so far, as JSON. */
  get frames(): unknown[] {
    return this.events.map(({ data }): unknown => JSON.parse(data));
  }

  close(): void {
    this.abort.abort();
  }

  private async read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    let begun: string[] = []; // a line in pieces: one may be of many megabytes
    try {
      for await (const chunk of response.body ?? []) {
        const [first = '', ...others] = decoder
          .decode(chunk as Uint8Array, { stream: true })
          .split(/\r\n|\n|\r/);
        begun.push(first);
        for (const next of others) {
          this.line(begun.join(''));
          begun = [next];
        }
      }
    } catch {
      // closed by us, or cut: either way it is over
    }
    this.closed = true;
  }

  private line(line: string): void {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return void this.comments.push(line.slice(1).trim());
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
  }

  private dispatch(): void {
    if (this.data.length > 0) this.events.push({ type: this.type || 'message', data: this.data.join('\n') });
    this.type = '';
    this.data = [];
  }
}
