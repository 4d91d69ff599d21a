/** The Meters port on prom-client, and the text of `/metrics`. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Log, Meters } from '#dispatch';
import { DURATION_BUCKETS_MS, METRICS, type MetricDefinition } from './metrics';

/** Meters and what a scraper reads of them. */
export interface TelemetryMeters extends Meters {
  /** A value read at every scrape, such as a pool's size. */
  gauge(name: string, help: string, read: () => number): void;
  /** A value for each of something, such as each channel, read at every scrape. @param label what the first of a pair is */
  gaugePer(label: string, name: string, help: string, read: () => Iterable<readonly [string, number]>): void;
  /** The exposition text of all metrics. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/**
 * @param process label on every series, such as `orchestrator`
 * @param log told once about a name that is not in METRICS: a typo must not stop a payment
 */
export function createMeters(process: string, log: Pick<Log, 'error'>): TelemetryMeters {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  const metrics = new Map(
    Object.entries(METRICS).map(([name, definition]) => [name, create(registry, name, definition)]),
  );
  const complained = new Set<string>();

  function find<T extends Counter | Histogram>(name: string, kind: new (...args: never[]) => T): T | null {
    const metric = metrics.get(name);
    if (metric instanceof kind) return metric;
    if (!complained.has(name)) {
      complained.add(name);
      log.error(`No such ${kind.name.toLowerCase()}: add it to METRICS in libs/telemetry/src/metrics.ts`, {
        metric: name,
      });
    }
    return null;
  }

  return {
    count: (name, labels = {}, by = 1) => find(name, Counter)?.inc(labels, by),
    observeMs: (name, valueMs, labels = {}) => find(name, Histogram)?.observe(labels, valueMs),
    gauge: (name, help, read) => {
      const collect = function (this: Gauge) {
        this.set(read());
      };
      registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
    },
    gaugePer: (label, name, help, read) => {
      const collect = function (this: Gauge) {
        // What is gone is no more shown, rather than with its last value for ever.
        this.reset();
        for (const [value, measured] of read()) this.set({ [label]: value }, measured);
      };
      registry.registerMetric(new Gauge({ name, help, labelNames: [label], registers: [], collect }));
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function create(registry: Registry, name: string, { kind, help, labels }: MetricDefinition): Counter | Histogram {
  const shape = { name, help, labelNames: [...labels], registers: [registry] };
  return kind === 'counter' ? new Counter(shape) : new Histogram({ ...shape, buckets: [...DURATION_BUCKETS_MS] });
}
