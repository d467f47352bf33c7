/** Deeper than this nobody reads, and JSON.stringify runs out of stack somewhat below. */
const readableDepth = 24;

/**
 * The beginning of a value's JSON: stops writing once it holds `length` characters, and below a depth at which a
 * hostile value would exhaust the stack. So it is whole, valid JSON only for small values.
 */
export function jsonStart(value: unknown, length: number): string {
  const writer = new JsonStart(length);
  writer.write(value, 0);
  return writer.text;
}

class JsonStart {
  text = '';

  constructor(private readonly length: number) {}

  write(value: unknown, depth: number): void {
    if (typeof value === 'string') this.text += JSON.stringify(value.slice(0, this.length));
    else if (typeof value !== 'object' || value === null) this.text += JSON.stringify(value) ?? 'null';
    else if (depth >= readableDepth) this.text += '"…"';
    else if (Array.isArray(value)) this.writeList(value, depth);
    else this.writeObject(value, depth);
  }

  private writeList(list: readonly unknown[], depth: number): void {
    this.text += '[';
    for (let i = 0; i < list.length && this.text.length < this.length; i++) {
      if (i > 0) this.text += ',';
      this.write(list[i], depth + 1);
    }
    this.text += ']';
  }

  private writeObject(object: object, depth: number): void {
    this.text += '{';
    let first = true;
    for (const [key, value] of Object.entries(object)) {
      if (this.text.length >= this.length) break;
      if (!first) this.text += ',';
      first = false;
      this.text += `${JSON.stringify(key.slice(0, this.length))}:`;
      this.write(value, depth + 1);
    }
    this.text += '}';
  }
}

/** All of a value's JSON, indented for a reader; what is nested too deep for JSON.stringify as its beginning. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? '';
  } catch {
    return jsonStart(value, 1_000_000); // RangeError: nested deeper than the stack
  }
}
