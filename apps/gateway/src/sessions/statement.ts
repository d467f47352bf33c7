/** Collects the values of one SQL statement and hands out their placeholders. */
export class Statement {
  readonly values: unknown[] = [];

  /** `$n` for this value. */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** A pattern for ILIKE that finds the text anywhere, taking its own `%`, `_` and `\` literally. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.map((condition) => `(${condition})`).join(' and ');
}
