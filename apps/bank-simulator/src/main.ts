/** Entry of the bank simulator's process: environment in, one JSON line when ready, exit code 0 after SIGTERM or SIGINT. */
import { optionsFrom } from './environment';
import { type RunningBankSimulator, startBankSimulator } from './start';

const say = (line: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), name: 'bank-simulator', ...line })}\n`);
};

async function main(): Promise<void> {
  const options = optionsFrom(process.env);
  const running: RunningBankSimulator = await startBankSimulator(options);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    say({ level: 'info', msg: 'stopping', signal });
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        say({ level: 'error', msg: 'did not stop cleanly', error: String(error) });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  say({
    level: 'info',
    msg: 'ready',
    url: running.url,
    channels: running.simulator.channels.size,
    ledger_seq: running.simulator.ledger.lastSeq,
  });
}

main().catch((error: unknown) => {
  say({ level: 'fatal', msg: 'cannot start', error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
