// One run of the product, from the first process to the last: the part of `npm start` that stays.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const paths = require('./paths.cjs');
const { readJson, writeJson } = require('./json-file.cjs');
const { keptSecrets } = require('./secrets.cjs');
const { freePorts } = require('./free-port.cjs');
const { publicPort } = require('./public-port.cjs');
const { recordOf } = require('./process-identity.cjs');
const { writeRunFile } = require('./run-file.cjs');
const { stopOrder } = require('./leftovers.cjs');
const { Supervisor } = require('./supervisor.cjs');
const { bringUpDatabases } = require('./databases.cjs');
const { bringUpProduct } = require('./product.cjs');

/**
 * Compiles again whenever a source changes; the processes start again when their dist/ does.
 * @param {string} logs
 * @returns {import('./program.cjs').Program}
 */
function compilerProgram(logs) {
  const compiler = path.join(paths.root, 'node_modules', 'ts7', 'bin', 'tsc');
  return {
    name: 'compiler',
    file: process.execPath,
    args: [compiler, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
    env: process.env,
    cwd: paths.root,
    signs: ['tsconfig.build.json'],
    logFile: path.join(logs, 'compiler.log'),
    stop: { signal: 'SIGTERM', boundMs: 5_000 },
  };
}

class Run {
  #report;
  #supervisor;
  /** @type {import('./run-file.cjs').RunFile} */
  #file;
  /** The system tells of the last process's end after we have seen it: that must not bring the file back. */
  #forgotten = false;

  /** @param {import('./report.cjs').Report} report */
  constructor(report) {
    this.#report = report;
    const { version } = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8'));
    this.#file = {
      state: 'starting',
      version,
      started_at: new Date().toISOString(),
      urls: {},
      keys: {},
      tokens: {},
      pids: {},
      databases: {},
      logs: paths.logs,
      supervisor: recordOf('supervisor', process.pid, ['scripts/']),
      processes: [],
    };
    this.#supervisor = new Supervisor({ onChange: () => this.#write(), say: report.note });
  }

  /** Written at every start and end of a process, so that whoever comes after a `kill -9` knows what to end. */
  #write() {
    if (this.#forgotten) return;
    const processes = this.#supervisor.records();
    this.#file.processes = processes;
    this.#file.pids = Object.fromEntries([
      ['supervisor', process.pid],
      ...processes.map(({ name, pid }) => [name, pid]),
    ]);
    writeRunFile(this.#file);
  }

  /**
   * @param {{ watch: boolean }} how
   * @returns {Promise<import('./run-file.cjs').RunFile>}
   */
  async bringUp({ watch }) {
    const { data, logs, portsFile, secretsFile } = paths;
    const report = this.#report;
    const supervisor = this.#supervisor;
    const host = process.env.HOST || '127.0.0.1';
    const secrets = keptSecrets(secretsFile);
    const orchestrator = await publicPort(process.env.PORT, host, report.note);
    const names = ['postgres', 'redis', 'bank_simulator', 'worker'];
    const own = await freePorts(names, { place: paths.root, before: readJson(portsFile) });
    writeJson(portsFile, own);
    const ports = { ...own, orchestrator };
    this.#write();

    const password = secrets.postgres_password;
    const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;
    const databases = await bringUpDatabases({
      supervisor,
      report,
      data,
      logs,
      ports,
      password,
      databaseUrl,
      redisUrl,
    });
    this.#file.databases = databases;
    const { urls, seeded } = await bringUpProduct({
      ...{ supervisor, report, host, ports, secrets, data, logs, watch },
      databaseUrl: databases.postgres_url,
      redisUrl: databases.redis_url,
    });
    Object.assign(this.#file, {
      urls,
      keys: {
        merchant: { ...seeded.merchants?.merchant, api_key: secrets.merchant_key },
        other_merchant: { ...seeded.merchants?.other_merchant, api_key: secrets.other_merchant_key },
        operator: { api_key: secrets.operator_key },
      },
      tokens: seeded.tokens ?? {},
      state: 'ready',
    });
    if (watch) await supervisor.start(compilerProgram(logs));
    supervisor.restartWhatEnds();
    this.#write();
    return this.#file;
  }

  /** Drains and ends everything that this run started, in order, and forgets the run. */
  async end() {
    this.#file.state = 'stopping';
    this.#write();
    await this.#supervisor.stopAll(stopOrder, (name, how) => {
      if (how !== 'was gone')
        this.#report.note(
          `${name.replace('_', ' ')} ${how === 'stopped' ? 'stopped' : `did not stop in time: ${how}`}`,
        );
    });
    this.#forget();
  }

  /** Ends everything at once. */
  endNow() {
    this.#supervisor.killAll();
    this.#forget();
  }

  #forget() {
    this.#forgotten = true;
    fs.rmSync(paths.runFile, { force: true });
  }
}

module.exports = { Run };
