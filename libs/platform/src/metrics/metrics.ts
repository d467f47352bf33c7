import { collectDefaultMetrics, Registry } from 'prom-client';

/** How often it is measured how late timers come. Every 10 ms, the default, takes half a percent of a core for nothing. */
const eventLoopMonitoringPrecision = 100;

/** A registry of its own for one service: Node's default metrics, every metric labelled with the service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision });
  return registry;
}
