/** Too much was asked for at once; try again. */
export class TooBusyError extends Error {
  override readonly name = 'TooBusyError';
}

/** Lets a few tasks run at once and a few more wait; what comes beyond is refused at once. */
export class BoundedWork {
  private readonly waiting: (() => void)[] = [];
  private asked = 0;

  /** @param most tasks that run or wait */
  constructor(
    private slots: number,
    private readonly most: number,
  ) {}

  /** @throws TooBusyError, and what the task throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.asked >= this.most) throw new TooBusyError(`${this.asked} are under way`);
    this.asked += 1;
    if (this.slots > 0) this.slots -= 1;
    else await new Promise<void>((begin) => this.waiting.push(begin));
    try {
      return await task();
    } finally {
      this.asked -= 1;
      const next = this.waiting.shift();
      if (next === undefined) this.slots += 1;
      else next();
    }
  }
}
