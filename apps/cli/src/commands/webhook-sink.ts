/** A receiver of webhooks for tests, fault runs and audits: logs every delivery as a line of JSON, and misbehaves as told. */
import type { AddressInfo } from 'node:net';
import { Command, Option } from 'commander';
import { seededRandom } from '#simulation';
import { parseSeed } from '../outcome';
import { sinkLog } from '../webhook-sink/sink-log';
import { SINK_MODES, type SinkMode } from '../webhook-sink/sink-modes';
import { createSink } from '../webhook-sink/sink-server';

/** Longer than the 15 s that a deliverer waits. */
const SLOW_MS = 20_000;

interface Options {
  readonly port: string;
  readonly mode: SinkMode;
  readonly secret: readonly string[];
  readonly slowMs: string;
  readonly seed: number;
  readonly log?: string;
}

export function webhookSinkCommand(): Command {
  return new Command('webhook-sink')
    .description(
      'receive webhooks and log each delivery as NDJSON; the path may choose the mode (/slow/…), PUT /control changes it',
    )
    .option('--port <n>', 'port on loopback; 0: any free one', '0')
    .addOption(new Option('--mode <mode>', 'what becomes of a delivery').choices(SINK_MODES).default('ok'))
    .option('--secret <whsec…>', 'check signatures with this secret; may be given again', collect, [])
    .option('--slow-ms <ms>', 'how long `slow` waits', String(SLOW_MS))
    .option('--seed <n>', 'seed of `flaky`', parseSeed, 1)
    .option('--log <file>', 'append the lines to this file (otherwise stdout)')
    .action((options: Options) => {
      const random = seededRandom(options.seed, 'webhook-sink');
      const server = createSink({
        mode: options.mode,
        secrets: options.secret,
        slowMs: Number(options.slowMs),
        random,
        log: sinkLog(options.log),
      });
      server.listen(Number(options.port), '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        process.stderr.write(`${JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${port}` })}\n`);
      });
      const stop = (): void => {
        server.close();
        server.closeAllConnections();
      };
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
