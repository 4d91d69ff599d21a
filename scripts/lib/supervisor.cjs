// Keeps the programs of one run alive and ends them in order. A program that ends by itself is
// started again: at once the first times, then more and more slowly, but never given up, since a
// database that comes back after an hour should find its worker there.
// @ts-check
'use strict';
const { launch } = require('./program.cjs');
const { recordOf, isStillThere } = require('./process-identity.cjs');
const { stopProcess } = require('./stop-process.cjs');
const { keepBounded } = require('./log-file.cjs');

/** The first is short enough that a killed worker is back within a second. */
const BACK_OFF_MS = [250, 1_000, 2_000, 4_000, 5_000];
/** Having run that long, an end is news and not the same trouble again. */
const STEADY_AFTER_MS = 30_000;
const LOOK_AT_LOGS_EVERY_MS = 60_000;

/**
 * @typedef {object} Kept
 * @property {import('./program.cjs').Program} program
 * @property {import('./process-identity.cjs').ProcessRecord} record
 * @property {number} begun
 * @property {number} ends     how often it ended by itself in a row
 * @property {boolean} stopping
 * @property {boolean} running
 * @property {NodeJS.Timeout} [again]
 */

class Supervisor {
  /** @type {Map<string, Kept>} */
  #kept = new Map();
  #restarts = false;
  #ending = false;
  #onChange;
  #say;
  #onEnd;
  #logs;

  /**
   * @param {{ onChange?: () => void, say?: (text: string) => void, onEnd?: (name: string, pid: number, how: string) => void }} [told]
   *   onChange: the set of pids changed; onEnd: a program ended, by which signal or exit code
   */
  constructor({ onChange = () => undefined, say = () => undefined, onEnd = () => undefined } = {}) {
    this.#onChange = onChange;
    this.#say = say;
    this.#onEnd = onEnd;
    this.#logs = setInterval(() => {
      for (const { program } of this.#kept.values()) keepBounded(program.logFile);
    }, LOOK_AT_LOGS_EVERY_MS).unref();
  }

  /** From now on a program that ends is started again. Until then an end is a failed start. */
  restartWhatEnds() {
    this.#restarts = true;
    for (const kept of this.#kept.values()) if (!kept.running) this.#scheduleRestart(kept, 'it had ended');
  }

  /** @returns {import('./process-identity.cjs').ProcessRecord[]} */
  records() {
    return [...this.#kept.values()].filter((kept) => kept.running).map((kept) => kept.record);
  }

  /** @param {string} name */
  isAlive(name) {
    return this.#kept.get(name)?.running ?? false;
  }

  /** @param {string} name */
  pidOf(name) {
    const kept = this.#kept.get(name);
    return kept?.running ? kept.record.pid : undefined;
  }

  /**
   * What was started under this name, to start it again once it has ended.
   * @param {string} name
   */
  programOf(name) {
    return this.#kept.get(name)?.program;
  }

  /** @param {import('./program.cjs').Program} program */
  async start(program) {
    await program.beforeStart?.();
    if (this.#ending) return;
    const child = launch(program);
    const ends = this.#kept.get(program.name)?.ends ?? 0;
    const record = recordOf(program.name, child.pid ?? -1, program.signs);
    /** @type {Kept} */
    const kept = { program, record, begun: Date.now(), ends, stopping: false, running: true };
    this.#kept.set(program.name, kept);
    this.#onChange();
    child.once('error', (error) => this.#ended(kept, error.message));
    child.once('exit', (code, signal) => this.#ended(kept, signal ?? `exit code ${code}`));
  }

  /**
   * @param {Kept} kept
   * @param {string} how
   */
  #ended(kept, how) {
    if (!kept.running) return;
    kept.running = false;
    this.#onChange();
    this.#onEnd(kept.program.name, kept.record.pid, how);
    if (!kept.stopping && this.#restarts) this.#scheduleRestart(kept, how);
  }

  /**
   * @param {Kept} kept
   * @param {string} how
   */
  #scheduleRestart(kept, how) {
    kept.ends = Date.now() - kept.begun >= STEADY_AFTER_MS ? 0 : kept.ends;
    const waitMs = BACK_OFF_MS[Math.min(kept.ends, BACK_OFF_MS.length - 1)] ?? 5_000;
    kept.ends += 1;
    this.#say(
      `${kept.program.name} ended (${how}); starting it again in ${waitMs / 1000} s, log ${kept.program.logFile}`,
    );
    kept.again = setTimeout(() => {
      if (kept.stopping) return;
      this.start(kept.program).catch((error) => this.#scheduleRestart(kept, error.message));
    }, waitMs);
  }

  /**
   * Ends one program and does not start it again.
   * @param {string} name
   * @returns {ReturnType<typeof stopProcess>}
   */
  async stop(name) {
    const kept = this.#kept.get(name);
    if (!kept) return 'was gone';
    kept.stopping = true;
    clearTimeout(kept.again);
    if (!kept.running) return 'was gone';
    return this.#untilGone(kept, kept.program.stop);
  }

  /**
   * @param {Kept} kept
   * @param {{ signal: NodeJS.Signals, boundMs: number }} how
   */
  async #untilGone(kept, how) {
    const end = await stopProcess(kept.record, how);
    // The system shows the end before Node tells us of it.
    if (end !== 'stuck') this.#ended(kept, end);
    return end;
  }

  /**
   * @param {string[]} order
   * @param {(name: string, how: string) => void} [onEach]
   */
  async stopAll(order, onEach = () => undefined) {
    clearInterval(this.#logs);
    this.#ending = true;
    // None may come back while the others end.
    for (const kept of this.#kept.values()) {
      kept.stopping = true;
      clearTimeout(kept.again);
    }
    for (const name of order) {
      if (this.#kept.has(name)) onEach(name, await this.stop(name));
    }
  }

  /**
   * Ends one program at once, as a crash would, and does not start it again.
   * @param {string} name
   */
  async kill(name) {
    const kept = this.#kept.get(name);
    if (!kept) return;
    kept.stopping = true;
    clearTimeout(kept.again);
    // No time to leave by itself: an end that was prepared is not a crash.
    if (kept.running) await this.#untilGone(kept, { signal: 'SIGKILL', boundMs: 0 });
  }

  /** Ends everything at once, for a second Ctrl-C. */
  killAll() {
    this.#ending = true;
    for (const kept of this.#kept.values()) {
      kept.stopping = true;
      clearTimeout(kept.again);
      if (isStillThere(kept.record)) process.kill(kept.record.pid, 'SIGKILL');
    }
  }
}

/** @typedef {InstanceType<typeof Supervisor>} RunningSupervisor */

module.exports = { Supervisor };
