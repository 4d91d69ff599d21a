/** Runs k6 on a scenario, and gives back what it measured. Its own progress bar goes nowhere: a line every few seconds is ours. */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from './profile';
import { LOAD_TESTS } from './profile';
import type { K6 } from './k6-program';

export interface Load {
  readonly scenario: string;
  readonly profile: Profile;
  readonly seed: number;
  /** Begins every order number. */
  readonly run: string;
  /** Where client.ndjson and summary.json go. */
  readonly folder: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  /** The planned stage; null: the scenario has none. */
  readonly stageFile: string | null;
}

/** One metric of k6's summary: counters have `count`, trends `p(50)` and so on. */
type Metrics = Record<string, { readonly values?: Record<string, number> } & Record<string, unknown>>;

export interface Generated {
  /** k6's exit code; 0: it ran to its end. */
  readonly exitCode: number | null;
  /** The end of what it complained of. */
  readonly complaints: string;
  /** Null: k6 left no summary. */
  readonly metrics: Metrics | null;
}

const SAY_EVERY_MS = 5_000;

/** Resolves when every payer is done, or soon after `breakOff`: k6 then ends what it began and says what it measured. */
export async function generateLoad(
  k6: K6,
  load: Load,
  say: (line: string) => void,
  breakOff: AbortSignal,
): Promise<Generated> {
  const log = join(load.folder, 'client.ndjson');
  const summaryFile = join(load.folder, 'summary.json');
  const { profile } = load;
  const script = join(LOAD_TESTS, 'scenarios', `${load.scenario}.ts`);
  const args = [
    'run',
    '--quiet',
    '--no-color',
    '--log-format',
    'raw',
    '--console-output',
    log,
    '--no-usage-report',
    script,
  ];
  const child = spawn(k6.file, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C would reach it through the terminal and through us, and k6 takes two for "at once".
    detached: true,
    env: {
      ...process.env,
      SLUICE_API_URL: load.apiUrl,
      SLUICE_API_KEY: load.apiKey,
      SLUICE_RUN: load.run,
      SLUICE_SEED: String(load.seed),
      SLUICE_PAYMENTS: String(profile.payments),
      SLUICE_RATE: String(profile.rate_per_second),
      SLUICE_PAYERS_READY: String(profile.payers_ready),
      SLUICE_PAYERS_MAX: String(profile.payers_max),
      SLUICE_FOLLOW_SECONDS: String(profile.follow_seconds),
      // k6 writes files relative to the script's folder otherwise
      SLUICE_STAGE: load.stageFile === null ? '' : join(process.cwd(), load.stageFile),
      SLUICE_SUMMARY: join(process.cwd(), summaryFile),
    },
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4_000)));
  const begun = Date.now();
  const progress = setInterval(() => {
    void endedIn(log).then((ended) =>
      say(
        `${Math.round((Date.now() - begun) / 1_000)} s: ${ended} of ${profile.payments} payments followed to their end`,
      ),
    );
  }, SAY_EVERY_MS);
  const endWithUs = (): void => void child.kill('SIGKILL');
  const askToEnd = (): void => void child.kill('SIGINT');
  process.once('exit', endWithUs);
  breakOff.addEventListener('abort', askToEnd, { once: true });
  try {
    const exitCode = await new Promise<number | null>((done, failed) => {
      child.once('error', failed);
      child.once('close', done);
    });
    return { exitCode, complaints: complaints.trim(), metrics: readMetrics(summaryFile) };
  } finally {
    clearInterval(progress);
    process.removeListener('exit', endWithUs);
    breakOff.removeEventListener('abort', askToEnd);
  }
}

function readMetrics(file: string): Metrics | null {
  if (!existsSync(file)) return null;
  return (JSON.parse(readFileSync(file, 'utf8')) as { metrics: Metrics }).metrics;
}

/** @returns how many payments the client's log has followed to their end */
export async function endedIn(log: string): Promise<number> {
  if (!existsSync(log)) return 0;
  let count = 0;
  let rest = '';
  for await (const chunk of createReadStream(log, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{"kind":"end"')) count += 1;
  }
  return count;
}
