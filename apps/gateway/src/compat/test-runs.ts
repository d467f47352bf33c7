import {
  Controller,
  Get,
  Inject,
  Injectable,
  Req,
  Res,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { type Delta, type TestRunFrame } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import type { Request, Response } from 'express';
import { CLOCK, LOGGER, type Clock } from '../connections';
import { Describes } from '../openapi/describes';
import { Batches } from './changes/batches';
import type { Unheard } from './changes/known-revisions';
import { SessionChanges } from './changes/session-changes';
import { KnownTestRuns, type Touched } from './known-test-runs';
import { TestRunRows } from './rows/test-run-rows';
import type { EventStream } from './streams/event-stream';
import { EventStreams } from './streams/event-streams';
import { tooManyOpen } from './streams/too-many-sockets';
import { keepaliveMs } from './streams/keepalive';

/** Of how many runs the pictures are remembered while somebody watches. */
const rememberedRuns = 1000;
/** How many of the latest are looked at when the first client comes, and after many deltas were lost. */
const latestRuns = 500;
/** `<folder>@<host>`, and no pushed session. */
const testRunId = /^(?!push:).+@/s;

/** Tells watching dashboards of test runs what happens: translated once for all of them. */
@Injectable()
export class TestRunWatch implements BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>();
  private readonly known = new KnownTestRuns(rememberedRuns);
  private readonly touched: Batches<Touched>;
  private begun: Promise<void> | undefined;
  private stop: () => void = () => undefined;

  constructor(
    private readonly changes: SessionChanges,
    private readonly rows: TestRunRows,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.touched = new Batches(
      (batch) => this.say(batch),
      (reason, dropped) => {
        this.logger.warn('changes of test runs could not be told', { error: reason });
        this.changes.doubt(dropped);
      },
    );
  }

  async join(stream: EventStream): Promise<void> {
    this.streams.add(stream);
    stream.onClose(() => this.leave(stream));
    try {
      this.begun ??= this.begin();
      await this.begun;
      stream.send(frame({ type: 'connected' }));
    } catch (error) {
      this.logger.warn('test runs cannot be watched', { error });
      stream.send(frame({ type: 'error', message: 'The database does not answer. Try again in a moment.' }));
      stream.end();
    }
  }

  beforeApplicationShutdown(): void {
    for (const stream of [...this.streams]) stream.end();
  }

  private leave(stream: EventStream): void {
    this.streams.delete(stream);
    if (this.streams.size > 0) return;
    this.stop();
    this.begun = undefined;
    this.touched.clear();
  }

  private async begin(): Promise<void> {
    const stopListening = this.changes.listen({
      delta: (delta) => this.hear(delta),
      lost: (unheard) => this.catchUp(unheard),
    });
    const pings = setInterval(() => this.toAll(': ping\n\n'), keepaliveMs).unref();
    this.stop = () => {
      stopListening();
      clearInterval(pings);
    };
    await this.changes.ready();
    this.known.begin(await this.rows.latestAnd([], latestRuns));
  }

  private hear({ sessionId, from, at, changes }: Delta): void {
    if (!testRunId.test(sessionId)) return;
    this.touch(sessionId, {
      at,
      created: from === null,
      deleted: changes?.deleted ?? false,
      pictures: (changes?.screenshots ?? []).map(({ filename }) => filename),
    });
  }

  private touch(id: string, touched: Touched): void {
    this.touched.add(id, (before) => ({
      ...touched,
      created: (before?.created ?? false) || touched.created,
      pictures: [...(before?.pictures ?? []), ...touched.pictures],
    }));
  }

  /** What the deltas speak of is read from the rows: they are newer, and whole. */
  private async say(batch: ReadonlyMap<string, Touched>): Promise<void> {
    await this.begun;
    const rows = new Map((await this.rows.of([...batch.keys()])).map((row) => [row.id, row]));
    const frames = [...batch].flatMap(([id, touched]) => {
      const row = rows.get(id);
      if (row) return this.known.news(row, touched);
      return touched.deleted ? [this.known.gone(id, touched.at)] : [];
    });
    this.toAll(frames.map(frame).join(''));
  }

  private catchUp(unheard: readonly Unheard[] | 'many'): void {
    const at = new Date(this.now()).toISOString();
    if (unheard === 'many') return this.tellAll(at);
    for (const { id, created, deleted } of unheard)
      if (testRunId.test(id)) this.touch(id, { at, created, deleted, pictures: [] });
  }

  /** The latest, and those already told of. */
  private tellAll(at: string): void {
    // Whatever was not known before has come while deltas were lost.
    const touched = { at, created: true, deleted: false, pictures: [] };
    this.rows
      .latestAnd(this.known.ids, latestRuns)
      .then((rows) => {
        const frames = rows.flatMap((row) => this.known.news(row, touched));
        this.toAll(frames.map(frame).join(''));
      })
      .catch((error: unknown) => {
        this.logger.warn('test runs cannot be compared', { error });
        this.changes.doubt('many');
      });
  }

  /** A client that cannot keep up with these few bytes takes nothing: it is let go, and begins anew when it comes back. */
  private toAll(text: string): void {
    if (text === '') return;
    for (const stream of this.streams) {
      if (stream.isFree) stream.send(text);
      else stream.drop();
    }
  }
}

function frame(data: TestRunFrame): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** [T] The test-run dashboard. */
@Controller('api/sessions')
export class TestRunsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly watch: TestRunWatch,
  ) {}

  @Get('watch')
  @Describes({
    summary: 'Test runs as server-sent events, for the earlier test-run dashboard; ?access_token= is taken',
    produces: 'text/event-stream',
    problems: tooManyOpen,
  })
  async stream(@Req() request: Request, @Res() response: Response): Promise<void> {
    const farewell = frame({ type: 'error', message: 'The token is not valid any more. Sign in again.' });
    const stream = await this.streams.open(request, response, farewell);
    if (stream) await this.watch.join(stream);
  }
}
