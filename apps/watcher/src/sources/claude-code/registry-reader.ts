import { readFile, stat } from 'node:fs/promises';
import type { ProcessGoneLine } from '@telltale/contracts';
import type { FileReader, ReadRequest } from '../../tailing/file-reader';
import { fingerprint } from '../../tailing/fingerprint';
import type { Position } from '../../tailing/position';
import { readDocument } from '../../tailing/read-document';
import { fileStat, type FreshBytes, type Reading } from '../../tailing/reading';
import { livenessOf, parseProcess, type RegisteredProcess } from './registered-process';

/** What the position's note says once the log knows that the process is gone. */
const goneNote = 'gone';

/**
 * Reads a file of the live registry: a small document, which its process removes when it ends. One that was killed
 * leaves it behind; then a fact says once that the process is gone.
 */
export class RegistryReader implements FileReader {
  readonly grows = false;
  /** The process whose end the log does not know of. */
  private process: RegisteredProcess | undefined;

  async read(request: ReadRequest): Promise<Reading> {
    const reading = await readDocument(request);
    const { position } = request;
    if (reading.kind === 'bytes') return continued(reading, position);
    if (reading.kind === 'gone') return reading;
    this.process = undefined;
    if (position.generation === undefined || position.cursor === goneNote) return reading;
    const registered = parseProcess(await readFile(request.path, 'utf8').catch(() => ''));
    if (registered === undefined) return reading;
    const liveness = livenessOf(registered);
    if (liveness === 'alive' || liveness === 'unknown') {
      this.process = liveness === 'alive' ? registered : undefined;
      return reading;
    }
    return gone(request, { pid: registered.pid, at: Date.now(), reason: liveness });
  }

  /** A process that was just told of is looked at from now on. */
  stored(reading: FreshBytes): void {
    if (reading.type === undefined && reading.part === undefined)
      this.process = parseProcess(Buffer.from(reading.bytes).toString());
  }

  /** Asked again and again: a process that dies changes no file. */
  needsTurn(): boolean {
    if (this.process === undefined) return false;
    const liveness = livenessOf(this.process);
    if (liveness === 'unknown') this.process = undefined;
    return liveness === 'dead' || liveness === 'other-process';
  }
}

/** What the file says now goes on behind what it said before: a process that turns to another session leaves one. */
function continued(reading: FreshBytes, { generation, offset }: Position): FreshBytes {
  if (generation === undefined || reading.part !== undefined) return reading;
  return { ...reading, generation, from: offset, to: offset + reading.bytes.length };
}

async function gone({ path, position }: ReadRequest, line: ProcessGoneLine): Promise<Reading> {
  const stats = await stat(path).catch(() => undefined);
  const { generation, identity, offset, tail } = position;
  if (stats === undefined || generation === undefined || identity === undefined) return { kind: 'gone' };
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  const reading: FreshBytes = {
    kind: 'bytes',
    type: 'telltale.process.gone.v1',
    cursor: goneNote,
    bytes,
    generation,
    from: offset,
    to: offset + bytes.length,
    part: undefined,
    // The document is still the one that the log holds.
    identity,
    tail: tail || fingerprint(bytes),
    stat: fileStat(stats),
    more: false,
  };
  return reading;
}
