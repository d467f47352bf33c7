import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestLogger } from '@telltale/platform';
import { AccessGuard } from './accounts/access.guard';
import { cookieName } from './accounts/credentials';
import { originCheck } from './accounts/origin-check';
import { AppModule } from './app.module';
import type { Connections } from './connections';
import { dashboard } from './dashboard/dashboard';
import { securityHeaders } from './dashboard/security-headers';
import { LiveAdapter } from './live/live-adapter';
import { requestMetrics } from './metrics/request-metrics';
import { serveApiDescription } from './openapi/document';
import { PushRate } from './push/push-rate';
import { bodyGate } from './requests/body-gate';
import { httpLimits, type HttpLimits } from './requests/http-limits';
import { GatewayServer } from './requests/http-server';
import { UnchangedAnswers } from './requests/unchanged-answers';

/** The gateway, ready to listen. */
export async function createApplication(
  connections: Connections,
  limits: HttpLimits = httpLimits,
): Promise<NestExpressApplication> {
  const { config, logger, metrics } = connections;
  const server = new GatewayServer(limits);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(connections), server, {
    logger: new NestLogger(logger),
    bodyParser: false, // the gate reads bodies
  });
  app.set('etag', false); // revisions are our ETags; hashing every body would cost more than it saves
  app.set('x-powered-by', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', [...config.trustedProxies]);
  app.use(securityHeaders(config.publicUrl));
  app.use(requestMetrics(metrics));
  app.use(originCheck(config, logger));
  app.enableCors({ origin: [...config.allowedOrigins], credentials: true, exposedHeaders: ['etag'] });
  const unchanged = app.get(UnchangedAnswers);
  server.askFirst((request, response, otherwise) => unchanged.answer(request, response, otherwise));
  const guard = app.get(AccessGuard);
  app.use(bodyGate({ guard, pushRate: app.get(PushRate) }, logger));
  app.use(dashboard(config.dashboardDir));
  serveApiDescription(app, { cookie: cookieName(config.port), guard }, logger);
  app.useWebSocketAdapter(new LiveAdapter(app, config, logger));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  return app;
}
