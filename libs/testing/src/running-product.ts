// The whole product as built in dist/ (bank simulator, orchestrator, worker), started for one
// end-to-end spec on databases of its own. Nothing is started again by itself, so that a spec can
// kill a process and see what the others make of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../scripts/lib/free-port.cjs';
import { untilReady } from '../../../scripts/lib/health.cjs';
import { bringUpProduct } from '../../../scripts/lib/product.cjs';
import { productOrder, productPrograms } from '../../../scripts/lib/product-programs.cjs';
import { reporter } from '../../../scripts/lib/report.cjs';
import { newSecrets } from '../../../scripts/lib/secrets.cjs';
import { type RunningSupervisor, Supervisor } from '../../../scripts/lib/supervisor.cjs';
import { writeProcesses } from '../../../scripts/lib/temporary-folder.cjs';
import { serviceSetting } from './service-setting';

/** A process of the product. */
export type ProductProcess = 'orchestrator' | 'worker' | 'bank_simulator';

/** A product under test. */
export interface RunningProduct {
  readonly urls: Record<'api' | 'worker' | 'bank_simulator', string>;
  readonly keys: { readonly merchant: string; readonly other_merchant: string; readonly operator: string };
  /** The seed's magic tokens. */
  readonly tokens: Record<string, string>;
  /** Folder with the simulator's ledgers (`bank-simulator/`) and the logs (`logs/`). */
  readonly folder: string;
  /** Undefined while the process is not running. */
  pid(name: ProductProcess): number | undefined;
  /** Ends a process at once and for good, as a crash would. */
  kill(name: ProductProcess): Promise<void>;
  /** Ends a process as a deployment would: SIGTERM, then it drains. */
  stop(name: ProductProcess): Promise<void>;
  /** Starts a process that was killed or stopped; resolves when it is ready. */
  start(name: ProductProcess): Promise<void>;
  /** Ends everything and removes the folder. */
  end(): Promise<void>;
}

/**
 * Migrates, seeds and starts the product; resolves when every process is ready.
 * @param wish the databases, and environment for all processes on top of the usual
 */
export async function startProduct(wish: {
  databaseUrl: string;
  redisUrl: string;
  env?: NodeJS.ProcessEnv;
}): Promise<RunningProduct> {
  // In the folder of the jest run, whose teardown ends whatever a spec leaves running.
  const folder = mkdtempSync(join(serviceSetting('TEST_FOLDER'), 'product-'));
  const secrets = newSecrets();
  const ports = await freePorts(['orchestrator', 'worker', 'bank_simulator'], { place: folder });
  const supervisor: RunningSupervisor = new Supervisor({
    onChange: () => writeProcesses(folder, supervisor.records()),
  });
  const setting = { ...wish, host: '127.0.0.1', ports, secrets, data: folder, logs: join(folder, 'logs') };
  const end = async (): Promise<void> => {
    await supervisor.stopAll(productOrder);
    rmSync(folder, { recursive: true, force: true });
  };
  const { urls, seeded } = await bringUpProduct({ ...setting, supervisor, report: reporter(() => undefined) }).catch(
    async (error: unknown) => {
      await end();
      throw error;
    },
  );
  const { programs } = productPrograms(setting);
  return {
    urls,
    keys: {
      merchant: secrets.merchant_key,
      other_merchant: secrets.other_merchant_key,
      operator: secrets.operator_key,
    },
    tokens: seeded.tokens ?? {},
    folder,
    pid: (name) => supervisor.pidOf(name),
    kill: (name) => supervisor.kill(name),
    stop: async (name) => void (await supervisor.stop(name)),
    start: async (name) => {
      const program = programs[name];
      if (!program) throw new Error(`The product has no process ${name}.`);
      await supervisor.start(program);
      await untilReady(name, urls[name === 'orchestrator' ? 'api' : name], () => supervisor.isAlive(name));
    },
    end,
  };
}
