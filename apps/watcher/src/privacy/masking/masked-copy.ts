/** Bytes of which a copy is made with the first change, and not before. Places are indices of the bytes it is given. */
export class MaskedCopy {
  private copy: Uint8Array | undefined;

  /** @param bytes the changed copy is of `[from, to)` of these; changes elsewhere are dropped */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly from = 0,
    private readonly to = bytes.length,
  ) {}

  /** The copy, or the bytes themselves where nothing changed. */
  result(): Uint8Array {
    return this.copy ?? this.bytes.subarray(this.from, this.to);
  }

  /** As it is now. */
  byteAt(at: number): number | undefined {
    const isChanged = this.copy !== undefined && at >= this.from && at < this.to;
    return isChanged ? this.copy?.[at - this.from] : this.bytes[at];
  }

  put(at: number, byte: number): void {
    if (at >= this.from && at < this.to) this.changed()[at - this.from] = byte;
  }

  putAll(at: number, bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.put(at + i, bytes[i] ?? 0);
  }

  fill(from: number, to: number, byte: number): void {
    const first = Math.max(from, this.from);
    const last = Math.min(to, this.to);
    if (first < last) this.changed().fill(byte, first - this.from, last - this.from);
  }

  private changed(): Uint8Array {
    this.copy ??= Uint8Array.prototype.slice.call(this.bytes, this.from, this.to);
    return this.copy;
  }
}
