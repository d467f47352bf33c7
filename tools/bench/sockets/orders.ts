import { fork, type ChildProcess } from 'node:child_process';

/** What is asked of a process of the benchmark, and what it answers; both go as JSON. */
export type Orders = Record<string, (argument: never) => unknown>;

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}
interface Answered {
  readonly id: number;
  readonly answer?: unknown;
  readonly problem?: string;
}

/** Does what the parent asks, until it ends. */
export function obey(orders: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, name, argument }: Asked) => {
    const reply = (answered: Omit<Answered, 'id'>) => process.send?.({ id, ...answered });
    const act = async () => orders[name]?.(argument as never);
    act().then(
      (answer) => reply({ answer }),
      (error: unknown) => reply({ problem: String(error) }),
    );
  });
}

/** This program in another process, in another role. */
export class Helper<O extends Orders> {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answered: Answered) => void>();
  private asked = 0;

  /** @param role the program's first argument there */
  constructor(role: string, env: Readonly<Record<string, string>> = {}) {
    this.child = fork(process.argv[1] ?? '', [role], { env: { ...process.env, ...env } });
    this.child.on('message', (answered: Answered) => {
      this.waiting.get(answered.id)?.(answered);
      this.waiting.delete(answered.id);
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  ask<N extends keyof O & string>(
    name: N,
    argument: Parameters<O[N]>[0],
  ): Promise<Awaited<ReturnType<O[N]>>> {
    const id = ++this.asked;
    return new Promise((done, fail) => {
      this.waiting.set(id, ({ answer, problem }) => {
        if (problem === undefined) done(answer as Awaited<ReturnType<O[N]>>);
        else fail(new Error(problem));
      });
      this.child.send({ id, name, argument } satisfies Asked);
    });
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}
