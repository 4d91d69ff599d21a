/** Is a process stopped? What the system itself says about it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @returns whether SIGSTOP has taken hold; false for a process that is gone */
export function isStopped(pid: number): boolean {
  return stateOf(pid).startsWith('T');
}

function stateOf(pid: number): string {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold anything; the state follows it.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return '';
  }
}
