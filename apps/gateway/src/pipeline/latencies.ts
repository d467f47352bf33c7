import type { Latency, Pipeline, ServiceStatus } from '@telltale/contracts';

type Latencies = Pipeline['latencyMs'];
const hops = [
  'appendToFact',
  'factToCommit',
  'commitToEmit',
  'appendToEmit',
] as const satisfies (keyof Latencies)[];
const unknown: Latency = { p50: null, p99: null };

/** Of each hop the slowest replica's figures: a mean would hide the one in trouble. */
export function worstLatencies(services: readonly ServiceStatus[]): Latencies {
  const told = services.map((service) => service.latencyMs).filter((latencies) => latencies !== undefined);
  const [appendToFact, factToCommit, commitToEmit, appendToEmit] = hops.map((hop) =>
    told.map((latencies) => latencies[hop]).reduce(slower, unknown),
  );
  return {
    appendToFact: appendToFact ?? unknown,
    factToCommit: factToCommit ?? unknown,
    commitToEmit: commitToEmit ?? unknown,
    appendToEmit: appendToEmit ?? unknown,
  };
}

export function summedRates(services: readonly ServiceStatus[]): Pipeline['rates'] {
  const told = services.map((service) => service.rates).filter((rates) => rates !== undefined);
  return {
    factsPerS: told.reduce((sum, rates) => sum + rates.factsPerS, 0),
    bytesPerS: told.reduce((sum, rates) => sum + rates.bytesPerS, 0),
    deltasPerS: told.reduce((sum, rates) => sum + rates.deltasPerS, 0),
  };
}

function slower(a: Latency, b: Latency): Latency {
  return { p50: larger(a.p50, b.p50), p99: larger(a.p99, b.p99) };
}

function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
