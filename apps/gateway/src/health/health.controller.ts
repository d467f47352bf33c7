import type { NatsConnection } from '@nats-io/transport-node';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { checked } from '@telltale/platform';
import type { Request, Response } from 'express';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { Open } from '../accounts/access';
import { AccessGuard } from '../accounts/access.guard';
import { isLoopbackAddress, isOwnHost } from '../accounts/origins';
import type { GatewayConfig } from '../config';
import { CONFIG, METRICS, NATS, READ_MODEL } from '../connections';
import { NeedsMemory } from '../memory/needs-memory';
import { Describes } from '../openapi/describes';

const healthSchema = z.object({ status: z.string() });
const readySchema = z.object({
  status: z.string(),
  detail: z.object({ nats: z.string(), postgres: z.string() }),
});
const checkTimeoutMs = 2000;

@Controller()
@NeedsMemory(0)
export class HealthController {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(READ_MODEL) private readonly readModel: pg.Pool,
    @Inject(METRICS) private readonly metrics: Registry,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly guard: AccessGuard,
  ) {}

  @Get('healthz')
  @Open()
  @Describes({ summary: 'The process lives', answer: healthSchema, examples: { answer: { status: 'ok' } } })
  health(): z.infer<typeof healthSchema> {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Open()
  @Describes({
    summary: 'NATS and Postgres answer',
    answer: readySchema,
    examples: { answer: { status: 'ready', detail: { nats: 'answers', postgres: 'answers' } } },
    otherwise: {
      503: {
        schema: readySchema,
        example: { status: 'not ready', detail: { nats: 'answers', postgres: 'does not answer' } },
      },
    },
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<z.infer<typeof readySchema>> {
    const [nats, postgres] = await Promise.all([
      checked(async () => ({ ok: await answers(this.nats.rtt()), detail: 'answers' }), checkTimeoutMs),
      checked(
        async () => ({ ok: await answers(this.readModel.query('select 1')), detail: 'answers' }),
        checkTimeoutMs,
      ),
    ]);
    const ready = nats.ok && postgres.ok;
    response.status(ready ? 200 : 503);
    response.setHeader('cache-control', 'no-store');
    return {
      status: ready ? 'ready' : 'not ready',
      // Not why: anybody may ask, and addresses are nobody's business.
      detail: { nats: toldOf(nats), postgres: toldOf(postgres) },
    };
  }

  /** Open to the machine itself; not to what a proxy on it passes on, nor to a page whose name was rebound to it. */
  @Get('metrics')
  @Open()
  @Describes({
    summary: 'Prometheus metrics; open on the machine itself',
    produces: 'text/plain',
    problems: { 401: 'Asked for from elsewhere', 403: 'The token may not read' },
  })
  async prometheus(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!this.isLocal(request)) await this.guard.userOf(request);
    response.setHeader('content-type', this.metrics.contentType);
    response.end(await this.metrics.metrics());
  }

  private isLocal(request: Request): boolean {
    if (isForwarded(request) || !isOwnHost(request.headers.host, this.config)) return false;
    return isLoopbackAddress(request.socket.remoteAddress);
  }
}

function toldOf({ ok }: { readonly ok: boolean }): string {
  return ok ? 'answers' : 'does not answer';
}

async function answers(question: Promise<unknown>): Promise<true> {
  await question;
  return true;
}

function isForwarded(request: Request): boolean {
  return request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
}
