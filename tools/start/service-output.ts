import { join } from 'node:path';
import { LogFile } from './log-file';
import { terminalLine } from './log-line';
import type { Stream } from './node-program';
import type { Terminal } from './terminal';

/** The same message of a service is shown once in this time; its log has them all. */
const quietMs = 10_000;

/** Where the lines of services and servers go: all to their log files, what matters to the terminal too. */
export class ServiceOutput {
  private readonly files = new Map<string, LogFile>();
  private readonly shownAt = new Map<string, number>();
  /** While all ends, services complain of each other's absence. */
  muted = false;

  constructor(
    private readonly folder: string,
    private readonly terminal: Terminal,
  ) {}

  /** Of a service: structured lines. */
  service(name: string): (line: string, from: Stream) => void {
    const file = this.file(name);
    return (text, from) => {
      file.line(text);
      const shown = this.muted ? undefined : terminalLine(name, text, from);
      if (shown && this.isNews(`${name} ${shown.key}`)) this.terminal.line(shown.line);
    };
  }

  /** Of a server: only to its file. */
  server(name: string): (line: string) => void {
    const file = this.file(name);
    return (text) => file.line(text);
  }

  private isNews(key: string): boolean {
    const now = performance.now();
    if (now - (this.shownAt.get(key) ?? -Infinity) < quietMs) return false;
    if (this.shownAt.size > 1000) this.shownAt.clear();
    this.shownAt.set(key, now);
    return true;
  }

  private file(name: string): LogFile {
    const known = this.files.get(name) ?? new LogFile(join(this.folder, `${name}.log`));
    this.files.set(name, known);
    return known;
  }
}
