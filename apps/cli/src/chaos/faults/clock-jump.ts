/**
 * The wall clock of one of our processes jumps, forth or back, while it runs (a wrong time server, a resumed snapshot). By libfaketime,
 * which leaves the monotonic clock alone, as a real jump does.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { between, type FaultContext, type FaultKind, happened, notSeen, pick, skipped } from '../fault';

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
  '/usr/lib64/faketime/libfaketimeMT.so.1',
  '/usr/local/lib/faketime/libfaketimeMT.so.1',
];
/** Before the jump it works under the right time, so that the jump is one and not a wrong start. */
const RIGHT_FOR_MS = 1_500;
/** Of a jump, this much may be lost to rounding and to the time the question takes, s. */
const SLACK_S = 3;
const LOOK_EVERY_MS = 200;

const isOff = (offS: number | null, jumpS: number): boolean => offS !== null && Math.abs(offS - jumpS) <= SLACK_S;

export const clockJump: FaultKind = {
  name: 'clock-jump',
  what: "`process`'s wall clock jumps by `jump_s` seconds while it runs, for `for_s` seconds (needs libfaketime)",
  draw: (atS, random) => ({
    fault: 'clock-jump',
    at_s: atS,
    process: pick(['worker', 'orchestrator'], random),
    jump_s: pick([-7_200, -30, 30, 7_200], random),
    for_s: between(2, 6, random),
  }),
  async inject({ process = 'worker', jump_s: jumpS = 7_200, for_s: forS = 4 }, context) {
    const library = LIBRARIES.find((file) => existsSync(file));
    if (library === undefined) return skipped('libfaketime is not installed (Debian: apt-get install libfaketime)');
    if (process !== 'worker' && process !== 'orchestrator') return skipped('only Node processes');
    const { keeper, product } = context;
    const file = join(product.place.folder, `clock-of-${process}`);
    const set = (seconds: number): void => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}s\n`);
    return keeper.inTurn(process, async () => {
      set(0);
      await keeper.readyWith(process, {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      });
      await sleep(RIGHT_FOR_MS);
      set(jumpS);
      const jumpedAt = performance.now();
      let off: number | null = null;
      // Node writes a `Date` header for up to a second, so one look right after the jump may still hear the old time (seed 13).
      while (performance.now() - jumpedAt < forS * 1_000) {
        if (!isOff(off, jumpS)) off = (await clockOffS(context, process)) ?? off;
        await sleep(LOOK_EVERY_MS);
      }
      await keeper.takeDown(process);
      await keeper.bringBack(process);
      return isOff(off, jumpS)
        ? happened(`${process} lived ${off} s off for ${forS} s`)
        : notSeen(`${process} says that it is ${off} s off`);
    });
  },
};

/** Every HTTP answer carries the time of the process that gives it. */
async function clockOffS({ product }: FaultContext, process: 'worker' | 'orchestrator'): Promise<number | null> {
  const url = product.place.urls[process === 'orchestrator' ? 'api' : process];
  const answer = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  const date = answer?.headers.get('date');
  return date ? Math.round((Date.parse(date) - Date.now()) / 1_000) : null;
}
