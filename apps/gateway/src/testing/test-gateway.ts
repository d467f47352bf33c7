import 'reflect-metadata';
import { ensureFactsStream, createLogger, sealAuditTrail, type Logger } from '@telltale/platform';
import {
  startTestNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@telltale/platform/testing';
import { loginResponseSchema, type LoginResponse, type Role } from '@telltale/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { cookieName } from '../accounts/credentials';
import { hashPassword } from '../accounts/passwords';
import { createApplication } from '../application';
import type { GatewayConfig } from '../config';
import { connect, disconnect, type Clock, type Connections } from '../connections';
import { migrateControl } from '../database/control-database';
import { UserEntity } from '../database/user.entity';
import { describeApi } from '../openapi/document';
import type { HttpLimits } from '../requests/http-limits';
import { checkedFetch } from './checked-fetch';
import { migrateReadModel } from './programs';

export const adminPassword = 'correct horse battery staple';

const logger = createLogger('gateway-test', {
  level: 'error',
  write: (line) => void process.stderr.write(line),
});

/** A gateway on real NATS and Postgres, on a free port, with a user of each role. */
export interface TestGateway {
  readonly url: string;
  /** Ours, with all rights: what ingest would write and publish comes by them. The gateway has its own, with its rights. */
  readonly connections: Connections;
  readonly app: NestExpressApplication;
  readonly control: DataSource;
  readonly nats: TestNats;
  readonly postgres: TestPostgres;
  /** `Authorization` of a user with this role. */
  bearer(role?: Role): Record<string, string>;
  /** Fails where the answer is not as the API describes it. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** As a viewer; the body as JSON. */
  get(path: string): Promise<{ status: number; body: unknown; etag: string | null }>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  /** Default: errors alone, to standard error. */
  readonly logger?: Logger;
  readonly limits?: HttpLimits;
  /** Its time; one that stands still makes limits per second independent of how fast the test runs. */
  readonly clock?: Clock;
}

export async function startTestGateway(
  changes: Partial<GatewayConfig> = {},
  options: TestGatewayOptions = {},
): Promise<TestGateway> {
  const [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  const databaseUrl = await postgres.createDatabase();
  const roles = await postgres.rolesOf(databaseUrl);
  await migrateReadModel(roles.ingest);
  await migrateControl(roles.gateway, logger);
  await sealAuditTrail(databaseUrl);
  const config = {
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    allowedOrigins: [],
    trustedProxies: [],
    hostName: 'gateway-host',
    pushRate: 10_000,
    socketsPerUser: 512,
    adminPassword,
    dashboardDir: undefined,
    ...changes,
  };
  const connections = await connect({ ...config, natsUrl: nats.url, databaseUrl });
  await ensureFactsStream(connections.nats);
  const own = await connect({ ...config, natsUrl: nats.as('gateway'), databaseUrl: roles.gateway });
  const given = { logger: options.logger ?? logger, clock: options.clock ?? own.clock };
  const app = await createApplication({ ...own, ...given }, options.limits);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const control = app.get(DataSource);
  await addViewer(control);
  const tokens = {
    admin: (await login(url, 'admin', adminPassword)).accessToken,
    viewer: (await login(url, 'watcher-on-the-wall', adminPassword)).accessToken,
  };
  const fetch = checkedFetch(url, () => describeApi(app, cookieName(config.port)));
  const bearer = (role: Role = 'viewer') => ({ authorization: `Bearer ${tokens[role]}` });
  return {
    url,
    connections,
    app,
    control,
    nats,
    postgres,
    bearer,
    fetch,
    get: async (path) => {
      const response = await fetch(path, { headers: bearer() });
      return { status: response.status, body: await response.json(), etag: response.headers.get('etag') };
    },
    stop: async () => {
      await app.close();
      await disconnect(connections);
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
}

export async function login(url: string, username: string, password: string): Promise<LoginResponse> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return loginResponseSchema.parse(await response.json());
}

async function addViewer(control: DataSource): Promise<void> {
  const passwordHash = await hashPassword(adminPassword);
  await control
    .getRepository(UserEntity)
    .insert({ username: 'watcher-on-the-wall', role: 'viewer', passwordHash });
}

export interface Route {
  readonly method: string;
  readonly path: string;
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

/** What the router really holds, whoever registered it. */
export function routesOf({ app }: TestGateway): Route[] {
  const express: unknown = app.getHttpAdapter().getInstance();
  const { router } = express as { router: { stack: Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path }))
      : [],
  );
}
