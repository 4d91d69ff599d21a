// Is the process with this number still the one that we started? Numbers are used again, so a pid
// alone must never be signalled. A process is ours if its pid, its start time and a piece of its
// command line are those that were written down when it was started.
// @ts-check
'use strict';
const fs = require('node:fs');
const { spawnSync } = require('node:child_process');

/**
 * @typedef {object} ProcessRecord what is kept of a process that we started
 * @property {string} name
 * @property {number} pid
 * @property {string} started  boot and clock tick at which the system started it
 * @property {string[]} signs  its command line holds at least one of these
 */

/** Ticks count from boot, so the boot belongs to the start time. */
function bootId() {
  return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * @param {number} pid
 * @returns {{ started: string, command: string } | undefined} undefined if there is no such process (a zombie is none)
 */
function lookUp(pid) {
  return process.platform === 'linux' ? lookUpInProc(pid) : lookUpWithPs(pid);
}

/** @param {number} pid */
function lookUpInProc(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold anything; count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0/g, ' ');
    return { started: `${bootId()}:${fields[19]}`, command };
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function lookUpWithPs(pid) {
  const ps = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-o', 'command=', '-ww', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  // "S    Mon Nov 23 18:10:00 2026 node dist/…"
  const match = /^(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec((ps.stdout ?? '').trim());
  if (!match || match[1]?.startsWith('Z')) return undefined;
  return { started: String(match[2]), command: String(match[3]) };
}

/**
 * @param {string} name
 * @param {number} pid
 * @param {string[]} signs
 * @returns {ProcessRecord}
 */
function recordOf(name, pid, signs) {
  return { name, pid, started: lookUp(pid)?.started ?? 'gone', signs };
}

/**
 * @param {ProcessRecord} record
 * @returns {boolean}
 */
function isStillThere(record) {
  const now = lookUp(record.pid);
  if (!now || now.started !== record.started) return false;
  return record.signs.some((sign) => now.command.includes(sign));
}

module.exports = { lookUp, recordOf, isStillThere };
