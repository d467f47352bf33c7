/** Work under one name goes one after the other, in the order it came; under different names side by side. */
export class Lanes {
  private readonly last = new Map<string, Promise<unknown>>();

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name) ?? Promise.resolve();
    const result = before.then(work, work); // whether the one before succeeded is its own affair
    this.last.set(name, result);
    const forget = () => {
      if (this.last.get(name) === result) this.last.delete(name);
    };
    result.then(forget, forget);
    return result;
  }

  /** Names under which something is under way. */
  get size(): number {
    return this.last.size;
  }
}
