/** Bytes as they may leave the host: as many as there were, and how many secrets were masked in them, by rule. */
export interface Masked {
  readonly bytes: Uint8Array;
  readonly secrets: ReadonlyMap<string, number>;
}

export const noSecrets: ReadonlyMap<string, number> = new Map();

export class SecretCounts {
  private readonly counts = new Map<string, number>();

  add(rule: string): void {
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
  }

  result(): ReadonlyMap<string, number> {
    return this.counts.size === 0 ? noSecrets : this.counts;
  }
}
