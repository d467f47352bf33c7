import { storableText } from './storable';

/** Element types of an array parameter. `timestamptz` values are epoch ms, `jsonb` values are JSON text. */
export type ElementType = 'text' | 'bigint' | 'integer' | 'smallint' | 'boolean' | 'jsonb' | 'timestamptz';
export type Element = string | number | bigint | boolean | null;

/** PostgreSQL's own numbers of the types: an array names that of its elements. */
const typeIds: Readonly<Record<ElementType, number>> = {
  boolean: 16,
  bigint: 20,
  smallint: 21,
  integer: 23,
  text: 25,
  timestamptz: 1184,
  jsonb: 3802,
};
const headerBytes = 20;
const emptyBytes = 12;
/** jsonb says its version first. */
const jsonVersion = '\u0001';
const lengthBytes = 4;
/** A UTF-16 unit has no more UTF-8 bytes. */
const mostBytesPerUnit = 3;
/** PostgreSQL counts time from 2000-01-01. */
const timeOrigin = 946_684_800_000n;

/**
 * A one-dimensional array as PostgreSQL's binary format has it. As text every element would be escaped here and
 * parsed there: a third of what a backfill costs both sides to pass rows on.
 *
 * @throws RangeError where a number does not fit its type
 */
export function binaryArray(type: ElementType, values: readonly Element[]): Buffer {
  const writer = new ArrayWriter(values);
  let hasNull = false;
  for (const value of values) {
    if (value === null) {
      writer.null();
      hasNull = true;
    } else write(writer, type, value);
  }
  return writer.finish({ hasNull, typeId: typeIds[type], length: values.length });
}

function write(writer: ArrayWriter, type: ElementType, value: string | number | bigint | boolean): void {
  switch (type) {
    case 'text':
      return writer.text(String(value));
    case 'jsonb':
      return writer.json(String(value));
    case 'boolean':
      return writer.byte(value === true ? 1 : 0);
    case 'smallint':
      return writer.int16(whole(value, 16));
    case 'integer':
      return writer.int32(whole(value, 32));
    case 'bigint':
      return writer.int64(wide(BigInt(value)));
    case 'timestamptz':
      return writer.int64(microseconds(Number(value)));
  }
}

function whole(value: string | number | bigint | boolean, bits: number): number {
  const limit = 2 ** (bits - 1);
  if (typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit) return value;
  throw new RangeError(`${value} is out of range for an integer of ${bits} bits`);
}

/** Since PostgreSQL's time began, of epoch ms with or without a fraction. */
function microseconds(ms: number): bigint {
  const whole = Math.floor(ms);
  return (BigInt(whole) - timeOrigin) * 1000n + BigInt(Math.round((ms - whole) * 1000));
}

function wide(value: bigint): bigint {
  if (value === BigInt.asIntN(64, value)) return value;
  throw new RangeError(`${value} is out of range for an integer of 64 bits`);
}

/** Writes elements one after the other behind room for the array's header. */
class ArrayWriter {
  private buffer: Buffer;
  private at = headerBytes;

  constructor(values: readonly Element[]) {
    // Enough for numbers and ASCII; what else is written makes room for itself.
    let bytes = headerBytes;
    for (const value of values)
      bytes += lengthBytes + (typeof value === 'string' ? jsonVersion.length + value.length : 8);
    this.buffer = Buffer.allocUnsafe(bytes);
  }

  null(): void {
    this.room(lengthBytes);
    this.at = this.buffer.writeInt32BE(-1, this.at);
  }

  byte(value: number): void {
    this.length(1);
    this.at = this.buffer.writeUInt8(value, this.at);
  }

  int16(value: number): void {
    this.length(2);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.length(4);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.length(8);
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  text(value: string): void {
    // Lone surrogates become U+FFFD as they are written.
    this.string(value.includes('\0') ? storableText(value) : value, '');
  }

  json(value: string): void {
    this.string(value, jsonVersion);
  }

  finish(array: { hasNull: boolean; typeId: number; length: number }): Buffer {
    const { buffer } = this;
    const isEmpty = array.length === 0;
    buffer.writeInt32BE(isEmpty ? 0 : 1, 0); // dimensions
    buffer.writeInt32BE(array.hasNull ? 1 : 0, 4);
    buffer.writeInt32BE(array.typeId, 8);
    buffer.writeInt32BE(array.length, 12);
    buffer.writeInt32BE(1, 16); // the first index
    return buffer.subarray(0, isEmpty ? emptyBytes : this.at);
  }

  private string(value: string, prefix: string): void {
    // Counting a string's bytes costs as much as writing them: only where it might not fit.
    const other = lengthBytes + prefix.length;
    if (this.free < other + value.length * mostBytesPerUnit) this.room(other + Buffer.byteLength(value));
    const start = this.at + lengthBytes;
    const from = start + this.buffer.write(prefix, start, 'latin1');
    const end = from + this.buffer.write(value, from, 'utf8');
    this.buffer.writeInt32BE(end - start, this.at);
    this.at = end;
  }

  private length(bytes: number): void {
    this.room(lengthBytes + bytes);
    this.at = this.buffer.writeInt32BE(bytes, this.at);
  }

  private get free(): number {
    return this.buffer.length - this.at;
  }

  private room(bytes: number): void {
    if (bytes <= this.free) return;
    const larger = Buffer.allocUnsafe(this.at + Math.max(bytes, this.buffer.length >> 1));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}
