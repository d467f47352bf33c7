import { latin1 } from './latin1';

/** Where a string stands in its line. One object is reused for all strings: copy what is kept. */
export interface StringPlace {
  /** It names a value; otherwise it is one. */
  isKey: boolean;
  /** The name of the value; of an element of a list, the list's; of a name, itself. */
  key: string;
  /** 1: directly in the line's object. */
  depth: number;
  /** It lies in an object that the tool's user or a tool filled: names mean nothing there. */
  opaque: boolean;
  /** The name under which the object or list lies that holds it. */
  parent: string;
  /** The object that holds it said before of what type it is. */
  isTyped: boolean;
}

/** What is done with the bytes of a line. Places are indices into the bytes that are walked. */
export interface WalkVisitor {
  /** A string begins: its first byte behind the quote. Bytes up to `limit` may be looked at to decide what to do with it. */
  begin(bytes: Uint8Array, start: number, limit: number, place: StringPlace): void;
  /** Bytes of the string that began last. */
  inside(bytes: Uint8Array, from: number, to: number): void;
  /** Bytes outside of strings that are no JSON. */
  broken(bytes: Uint8Array, from: number, to: number): void;
}

interface Frame {
  isTyped: boolean;
  readonly isList: boolean;
  readonly key: string;
  readonly opaque: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
/** Hostile nesting beyond this is counted, not remembered. */
const deepest = 256;
const longestKey = 256;
/** A string that goes on for longer is searched by the native search. */
const nearBytes = 96;
const longestLiteral = 40;
const literal = /^(?:true|false|null|-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

/**
 * Walks the bytes of one JSON line, piece by piece if need be, and tells the visitor every string in it with its
 * place. It expects nothing: on bytes that are no JSON it tells strings by their quotes, and what stands between.
 */
export class JsonWalk {
  private frames: Frame[] = [];
  /** Levels that are open beyond the deepest one that is remembered. */
  private beyond = 0;
  private key = '';
  private expectsValue = false;
  private inString = false;
  private escaped = false;
  /** What stands outside of strings goes on behind the last piece. */
  private run: 'none' | 'json' | 'broken' = 'none';
  private readonly place: StringPlace = {
    isKey: false,
    key: '',
    depth: 0,
    opaque: false,
    parent: '',
    isTyped: false,
  };

  /** @param isOpaque whether what lies under this name is opaque, see {@link StringPlace.opaque} */
  constructor(
    private readonly visitor: WalkVisitor,
    private readonly isOpaque: (key: string) => boolean,
    private readonly opaqueFromStart = false,
  ) {}

  /** At the start of another line. */
  restart(): void {
    this.frames = [];
    this.beyond = 0;
    this.key = '';
    this.expectsValue = false;
    this.inString = false;
    this.escaped = false;
    this.run = 'none';
  }

  /**
   * Goes on over `[from, to)`. Bytes before and behind belong to the line, too, and may be looked at up to `limit`.
   */
  walk(bytes: Uint8Array, from: number, to: number, limit = to): void {
    let i = this.inString ? this.goOn(bytes, from, to) : this.restOfRun(bytes, from, to);
    while (i < to) {
      const byte = bytes[i];
      if (byte === quote) i = this.string(bytes, i + 1, to, limit);
      else if (isStructure(byte)) this.structure(bytes[i++]);
      else i = this.literal(bytes, i, to, limit);
    }
  }

  private structure(byte: number | undefined): void {
    switch (byte) {
      case 0x7b:
      case 0x5b:
        return this.open(byte === 0x5b);
      case 0x7d:
      case 0x5d:
        return this.close();
      case 0x3a:
        this.expectsValue = true;
        return;
      case 0x2c:
        this.expectsValue = false;
        return;
    }
  }

  private open(isList: boolean): void {
    if (this.frames.length >= deepest) {
      this.beyond++;
      return;
    }
    const key = this.valueKey();
    const opaque = this.isInOpaque() || this.isOpaque(key);
    this.frames.push({ isTyped: false, isList, key, opaque });
    this.expectsValue = false;
  }

  private close(): void {
    if (this.beyond > 0) this.beyond--;
    else this.frames.pop();
  }

  private valueKey(): string {
    const frame = this.frames.at(-1);
    if (frame === undefined) return '';
    return frame.isList ? frame.key : this.key;
  }

  private isInOpaque(): boolean {
    return this.frames.at(-1)?.opaque ?? this.opaqueFromStart;
  }

  private string(bytes: Uint8Array, start: number, to: number, limit: number): number {
    const reach = Math.max(to, limit);
    this.visitor.begin(bytes, start, reach, this.placeAt(bytes, start, reach));
    this.inString = true;
    this.escaped = false;
    return this.goOn(bytes, start, to);
  }

  private placeAt(bytes: Uint8Array, start: number, reach: number): StringPlace {
    const frame = this.frames.at(-1);
    const { place } = this;
    place.isKey = frame !== undefined && !frame.isList && !this.expectsValue;
    if (place.isKey) this.key = keyAt(bytes, start, reach);
    place.key = place.isKey ? this.key : this.valueKey();
    place.depth = this.frames.length + this.beyond;
    place.opaque = this.isInOpaque();
    place.parent = frame?.key ?? '';
    place.isTyped = frame?.isTyped === true;
    if (place.isKey && this.key === 'type') this.noteType();
    return place;
  }

  private noteType(): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined) frame.isTyped = true;
  }

  /** The rest of a string, or as much of it as there is; gives where to go on. */
  private goOn(bytes: Uint8Array, from: number, to: number): number {
    const end = this.findEnd(bytes, from, to);
    const last = end < 0 ? to : end;
    if (last > from) this.visitor.inside(bytes, from, last);
    this.inString = end < 0;
    return end < 0 ? to : end + 1;
  }

  /** The closing quote; -1 where it lies behind `to`. */
  private findEnd(bytes: Uint8Array, from: number, to: number): number {
    let i = this.escaped ? from + 1 : from;
    for (;;) {
      const near = Math.min(to, i + nearBytes);
      while (i < near) {
        const byte = bytes[i];
        if (byte === quote) return i;
        i += byte === backslash ? 2 : 1;
      }
      if (i >= to) {
        this.escaped = i > to;
        return -1;
      }
      const found = bytes.subarray(i, to).indexOf(quote);
      const end = found < 0 ? to : i + found;
      if (backslashesBefore(bytes, i, end) % 2 === 0) {
        this.escaped = false;
        return found < 0 ? -1 : end;
      }
      i = end + 1;
    }
  }

  /** A run of other bytes: a number, true, false, null, or nothing that belongs there. */
  private literal(bytes: Uint8Array, from: number, to: number, limit: number): number {
    const end = runEnd(bytes, from, Math.max(to, limit));
    const isJson =
      end - from <= longestLiteral && (isDigits(bytes, from, end) || literal.test(latin1(bytes, from, end)));
    this.run = isJson ? 'json' : 'broken';
    return this.restOfRun(bytes, from, to);
  }

  private restOfRun(bytes: Uint8Array, from: number, to: number): number {
    if (this.run === 'none') return from;
    const end = runEnd(bytes, from, to);
    if (this.run === 'broken' && end > from) this.visitor.broken(bytes, from, end);
    if (end < to) this.run = 'none';
    return end;
  }
}

/** Most numbers are no more than digits. */
function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

function runEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && bytes[end] !== quote && !isStructure(bytes[end])) end++;
  return end;
}

/** Braces, brackets, colon, comma, and white space. */
const structureBytes = new Uint8Array(256);
for (const byte of Buffer.from('{}[]:, \t\r\n')) structureBytes[byte] = 1;

function isStructure(byte = 0): boolean {
  return structureBytes[byte] === 1;
}

/** Names are ASCII as tools write them; one that is long or holds an escape is nobody's. */
function keyAt(bytes: Uint8Array, start: number, limit: number): string {
  const last = Math.min(limit, start + longestKey);
  let end = start;
  while (end < last && bytes[end] !== quote && bytes[end] !== backslash) end++;
  return bytes[end] === quote && end < last ? latin1(bytes, start, end) : '\u0000';
}

/** How many backslashes stand directly before `end`, not looking before `from`. */
export function backslashesBefore(bytes: Uint8Array, from: number, end: number): number {
  let i = end;
  while (i > from && bytes[i - 1] === backslash) i--;
  return end - i;
}
