/** Keeps the most recently used values up to a number of bytes in all. */
export class ByteCache<Key, Value extends { readonly byteLength: number }> {
  private readonly entries = new Map<Key, Value>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key); // a Map keeps insertion order: in again at its end, as the latest used
    this.entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    if (value.byteLength > this.limitBytes) return;
    this.remove(key);
    this.entries.set(key, value);
    this.bytes += value.byteLength;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.limitBytes) break;
      this.remove(oldest);
    }
  }

  clear(): void {
    this.entries.clear();
    this.bytes = 0;
  }

  private remove(key: Key): void {
    const value = this.entries.get(key);
    if (value === undefined) return;
    this.bytes -= value.byteLength;
    this.entries.delete(key);
  }
}
