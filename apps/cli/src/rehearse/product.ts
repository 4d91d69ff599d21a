/** The product a rehearsal runs against: the one that runs here, or one of our own that we stop afterwards. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readRunningProduct, type RunningProduct } from '../running-product';

export interface Stage {
  readonly product: RunningProduct;
  /** Stops what `setStage` started, and nothing else. */
  readonly strike: () => Promise<void>;
}

/**
 * @param file says where another product runs, as `.data/run.json` does
 * @throws if there is none or it cannot be started; the script has said why
 */
export async function setStage(file: string | undefined, say: (line: string) => void): Promise<Stage> {
  const running = readRunningProduct(file);
  if (running === null && file !== undefined) throw new Error(`${file} does not say where a product runs.`);
  if (running !== null) return { product: running, strike: () => Promise.resolve() };
  say('nothing runs here: starting the product for this rehearsal');
  await script('start.cjs', '--detach');
  const product = readRunningProduct();
  if (product === null) throw new Error('npm start said that it is ready, and .data/run.json does not.');
  return { product, strike: () => script('stop.cjs') };
}

function script(name: string, ...args: string[]): Promise<void> {
  return new Promise((done, failed) => {
    // Its welcome is for people who start it themselves; what it does goes to stderr.
    const child = spawn(process.execPath, [join('scripts', name), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? done() : failed(new Error(`scripts/${name} ended with ${code}`))));
  });
}
