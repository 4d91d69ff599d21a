/** Entry of the API's process: environment in, one log line when ready, an orderly end on SIGTERM. */
import 'reflect-metadata';
import { OrchestratorEnv, readEnv } from '#config';
import { errorsPage } from '#contracts';
import { parseCrashPoint, stepProbe, stopOnSignals } from '#runtime';
import { createLog, createMeters } from '#telemetry';
import { startOrchestrator } from './orchestrator';
import { makeOpenApi } from './service/make-openapi';

async function main(command: string | undefined): Promise<void> {
  // For `npm run openapi`: the documents, without a database.
  if (command === 'print-openapi') return print(`${JSON.stringify(await makeOpenApi(), null, 2)}\n`);
  if (command === 'print-errors') return print(errorsPage());
  const env = readEnv(OrchestratorEnv, process.env);
  const log = createLog({ process: 'orchestrator', level: env.LOG_LEVEL, site: env.SLUICE_SITE });
  const meters = createMeters('orchestrator', log);
  const reached = stepProbe(
    parseCrashPoint(env.SLUICE_CRASH_AT),
    parseCrashPoint(env.SLUICE_STOP_AT, 'SLUICE_STOP_AT'),
  );
  const { url, stopSteps } = await startOrchestrator({ env, log, meters, reached });
  log.info('ready', { url });
  stopOnSignals(stopSteps, log);
}

function print(text: string): void {
  process.stdout.write(text);
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`The orchestrator cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
