import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of its own for one service: Node's default metrics, every metric labelled with the service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
