/**
 * How much processor time has a process used, with everything it started? From /proc/<pid>/stat: user and system time of the process,
 * of its living children (PostgreSQL's backends), and of those that have ended and were waited for.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

export interface ProcessTimes {
  readonly parentPid: number;
  /** Own time and that of ended children, clock ticks. */
  readonly ticks: number;
}

/** @param stat one line of /proc/<pid>/stat */
export function parseStat(stat: string): ProcessTimes {
  // The second field is the name in parentheses and may hold anything, so fields are counted from its end: the first is the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parentPid: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}

/** @throws Error where there is no /proc to read from */
export function assertProcessorTimes(): void {
  try {
    parseStat(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    throw new Error(
      `npm run bench reads processor times from /proc, which ${process.platform} does not have. Run it on Linux (a container will do).`,
    );
  }
}

function processes(): Map<number, ProcessTimes> {
  const times = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    try {
      times.set(Number(name), parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return times;
}

/** The process and everything it started that lives. */
export function withDescendants(pid: number): readonly number[] {
  const all = processes();
  const below = (parent: number): number[] => [
    parent,
    ...[...all].flatMap(([child, { parentPid }]) => (parentPid === parent ? below(child) : [])),
  ];
  return below(pid);
}

let ticksPerSecond = 0;

/** Microseconds of processor time of each process and its children, by the given names. A process that is gone has none. */
export function processorTimes(pids: Readonly<Record<string, number | undefined>>): Record<string, number> {
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const times = processes();
  const ticksOf = (pid: number): number => {
    let sum = times.get(pid)?.ticks ?? 0;
    for (const [child, { parentPid }] of times) if (parentPid === pid) sum += ticksOf(child);
    return sum;
  };
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => [name, (ticksOf(pid ?? -1) * 1_000_000) / ticksPerSecond]),
  );
}
