import { spawn, type ChildProcess } from 'node:child_process';
import { buildPrograms, type Programs } from './programs';
import { startTestGateway, type TestGateway } from './test-gateway';

/** A gateway and the real ingest on the same servers, each with its own rights. */
export interface GatewayWithIngest {
  readonly gateway: TestGateway;
  stop(): Promise<void>;
}

export async function startGatewayWithIngest(): Promise<GatewayWithIngest> {
  const [gateway, programs] = await Promise.all([
    startTestGateway(),
    buildPrograms({ ingest: 'apps/ingest/src/main.ts' }),
  ]);
  const ingest = await startIngest(gateway, programs);
  return {
    gateway,
    stop: async () => {
      ingest.kill('SIGKILL');
      await Promise.all([gateway.stop(), programs.remove()]);
    },
  };
}

async function startIngest(gateway: TestGateway, programs: Programs): Promise<ChildProcess> {
  const { ingest: databaseUrl } = await gateway.postgres.rolesOf(gateway.connections.config.databaseUrl);
  return spawn(process.execPath, [programs.path('ingest')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NATS_URL: gateway.nats.as('ingest'),
      DATABASE_URL: databaseUrl,
      TELLTALE_HEALTH_PORT: '0',
    },
  });
}
