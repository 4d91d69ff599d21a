/** Was it the same decision? A trace that the live controller recorded (SLUICE_FLOW_TRACE), stepped again, byte for byte. */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { type Replay, replaySite } from '#policy';
import { completeOutcome, described, writeOutcome } from '../outcome';
import type { SimulateOptions } from './options';

/** @returns whether every step said what it had said */
export function replayTrace(file: string | undefined, options: SimulateOptions): boolean {
  if (file === undefined)
    throw new Error('replay needs a trace: npm run simulate -- replay <file>, recorded with SLUICE_FLOW_TRACE=<file>');
  const startedAt = new Date();
  const replay = replaySite(linesOf(file));
  const ok = replay.difference === null && replay.steps > 0;
  process.stdout.write(`${verdict(replay)}\n`);
  if (options.json !== undefined) {
    const figures = [described('replayed_steps', replay.steps, 'steps')];
    const violations =
      replay.difference === null ? [] : [{ rule: 'live_equals_simulated', evidence: { ...replay.difference } }];
    const found = { command: 'simulate replay', seed: null, startedAt, ok, figures, violations, detail: { file } };
    writeOutcome(options.json, completeOutcome(found));
  }
  return ok;
}

function verdict({ steps, difference }: Replay): string {
  if (steps === 0) return 'the trace has no step: nothing was shown';
  if (difference === null) return `${steps} steps replayed: every snapshot is the same, byte for byte`;
  const { recorded, replayed, step } = difference;
  const at = [...recorded].findIndex((char, place) => char !== replayed[place]);
  const near = (text: string): string => text.slice(Math.max(0, at - 40), at + 80);
  return `step ${step} differs at character ${at}:\n  live      …${near(recorded)}…\n  simulated …${near(replayed)}…`;
}

/** A trace may be a gigabyte: lines are read as they are needed. */
function* linesOf(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(1 << 20);
  let rest = '';
  try {
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, read))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(handle);
  }
}
