export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** What the person sees: lines, and at the bottom of a terminal one line that is drawn anew while something goes on. */
export class Terminal {
  private statusLine = '';
  private statusAt = 0;
  private isEnding = false;

  constructor(
    private readonly output: Output = process.stdout,
    private readonly now: () => number = () => performance.now(),
  ) {}

  line(text: string): void {
    this.clear();
    this.output.write(`${text}\n`);
    this.draw();
  }

  /** Without a terminal it becomes a line of its own, at most every few seconds. An empty text removes it. */
  status(text: string): void {
    if (this.output.isTTY) {
      this.clear();
      this.statusLine = text;
      this.draw();
      return;
    }
    if (text === '' || this.now() - this.statusAt < 5000) return;
    this.statusAt = this.now();
    this.output.write(`${text}\n`);
  }

  /** From here on a step under way says nothing more: it fails because it is ended, or was done just now. */
  ending(): void {
    this.isEnding = true;
    this.status('');
    this.line('\nEnding …');
  }

  /** One step of the start: what is under way, then ✓, how long it took, and what is worth knowing. */
  async step<T>(
    name: string,
    work: () => Promise<T>,
    detail?: (result: T) => string | undefined,
  ): Promise<T> {
    const since = this.now();
    if (this.output.isTTY) this.status(`  ${name} …`);
    try {
      const result = await work();
      this.status('');
      const more = detail?.(result);
      this.outcome(`✓ ${name} (${((this.now() - since) / 1000).toFixed(1)} s)${more ? `: ${more}` : ''}`);
      return result;
    } catch (error) {
      this.status('');
      this.outcome(`✗ ${name}`);
      throw error;
    }
  }

  private outcome(text: string): void {
    if (!this.isEnding) this.line(text);
  }

  private clear(): void {
    if (this.statusLine !== '') this.output.write('\r\x1b[K');
  }

  private draw(): void {
    if (this.statusLine !== '') this.output.write(this.statusLine);
  }
}
