// A whole product of its own (PostgreSQL, Redis, banks, API, workers) in a temporary folder, for whoever started this program with an
// IPC channel: `npm run chaos` breaks it on purpose. Requests come as `{ id, do, … }` and are answered as `{ id, value | error }`; the
// end of a process is told unasked, `{ ended, pid, how }`. When the channel closes, everything is ended and the folder removed, so that
// a fault run that is killed leaves nothing behind.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { bringUpDatabases } = require('./lib/databases.cjs');
const { freePorts } = require('./lib/free-port.cjs');
const { bringUpProduct } = require('./lib/product.cjs');
const { reporter } = require('./lib/report.cjs');
const { newSecrets } = require('./lib/secrets.cjs');
const { until } = require('./lib/stop-process.cjs');
const { Supervisor } = require('./lib/supervisor.cjs');
const {
  makeTemporaryFolder,
  removeAbandonedFolders,
  removeTemporaryFolder,
  mountSmallDisk,
  writeProcesses,
} = require('./lib/temporary-folder.cjs');

const SECOND_WORKER = 'worker_2';
/** After SIGKILL the kernel needs moments, on a busy disk seconds. */
const KILL_BOUND_MS = 10_000;

const folder = makeTemporaryFolder();
const supervisor = new Supervisor({
  onChange: () => writeProcesses(folder, supervisor.records()),
  onEnd: (name, pid, how) => tell({ ended: name, pid, how }),
});
/** Whoever asked may be gone by now; then there is nobody to tell. @param {object} message */
function tell(message) {
  if (process.connected) process.send?.(message, () => undefined);
}

/** How each process is started again, without what a single start had on top. @type {Map<string, import('./lib/program.cjs').Program>} */
const programs = new Map();

/**
 * @param {{ logs: string, workers: number, env: NodeJS.ProcessEnv, build?: string, ownDisk?: boolean }} wish
 *   `build`: folder of another build than `dist`; `ownDisk`: PostgreSQL on a small file system of its own, where one can be mounted
 */
async function bringUp({ logs, workers, env, build, ownDisk = false }) {
  await removeAbandonedFolders();
  const disk = ownDisk ? mountSmallDisk(folder) : null;
  const report = reporter(() => undefined);
  const secrets = newSecrets();
  const names = ['postgres', 'redis', 'orchestrator', 'worker', SECOND_WORKER, 'bank_simulator'];
  const ports = await freePorts(names, { place: folder });
  const password = secrets.postgres_password;
  const databases = await bringUpDatabases({ supervisor, report, data: folder, logs, ports, password });
  const { urls, seeded } = await bringUpProduct({
    ...{ supervisor, report, host: '127.0.0.1', ports, secrets, data: folder, logs, env, build },
    databaseUrl: databases.postgres_url,
    redisUrl: databases.redis_url,
  });
  const worker = supervisor.programOf('worker');
  if (worker && workers > 1) {
    await supervisor.start({
      ...worker,
      name: SECOND_WORKER,
      env: { ...worker.env, WORKER_PORT: String(ports[SECOND_WORKER]) },
      logFile: path.join(logs, 'worker-2.log'),
    });
  }
  for (const name of names) {
    const program = supervisor.programOf(name);
    if (program) programs.set(name, program);
  }
  return {
    urls: { ...urls, [SECOND_WORKER]: `http://127.0.0.1:${ports[SECOND_WORKER]}` },
    databases: { postgres_url: databases.postgres_url, redis_url: databases.redis_url },
    merchant: { id: seeded.merchants?.merchant?.id, api_key: secrets.merchant_key },
    operator: { api_key: secrets.operator_key },
    processes: [...programs.keys()],
    pids: Object.fromEntries([...programs.keys()].map((name) => [name, supervisor.pidOf(name)])),
    folder,
    disk,
  };
}

/**
 * @param {string} name
 * @returns {number}
 */
function pidOf(name) {
  const pid = supervisor.pidOf(name);
  if (pid === undefined) throw new Error(`${name} is not running`);
  return pid;
}

/**
 * PostgreSQL's server processes leave its process group, so they are found by their parent.
 * @param {number} pid
 */
function childrenOf(pid) {
  const listed = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return (listed.stdout ?? '').split('\n').map(Number).filter(Boolean);
}

/** @type {Record<string, (request: any) => Promise<unknown>>} */
const deeds = {
  bringUp,
  /** `env` is on top of the usual, for this start only. */
  async start({ name, env }) {
    const program = programs.get(name);
    if (!program) throw new Error(`there is no process ${name}`);
    if (supervisor.isAlive(name)) throw new Error(`${name} is running already`);
    await supervisor.start({ ...program, env: { ...program.env, ...env } });
    return pidOf(name);
  },
  /** As a crash would; answered once it has ended. */
  async kill({ name }) {
    const pid = pidOf(name);
    send(pid, 'SIGKILL');
    if (!(await until(() => !supervisor.isAlive(name), KILL_BOUND_MS))) throw new Error(`${name} survives SIGKILL`);
    return pid;
  },
  /** `family`: its children too. Returns how many processes were reached. */
  async signal({ name, signal, family }) {
    const pid = pidOf(name);
    // The parent first when stopping: it must not replace a child.
    const pids = [pid, ...(family ? childrenOf(pid) : [])];
    return pids.filter((each) => send(each, signal)).length;
  },
  end: endAll,
};

/** Nothing in here outlives the run, so nothing needs an orderly end. */
async function endAll() {
  if (!fs.existsSync(folder)) return;
  const postmaster = supervisor.pidOf('postgres');
  const backends = postmaster === undefined ? [] : childrenOf(postmaster);
  supervisor.killAll();
  // They notice their parent's end by themselves, unless they are stopped.
  for (const pid of backends) send(pid, 'SIGKILL');
  await removeTemporaryFolder(folder);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 * @returns {boolean} whether there was such a process
 */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
    throw error;
  }
}

process.on('message', (/** @type {{ id: number, do: string }} */ request) => {
  const deed = deeds[request.do];
  if (!deed) throw new Error(`no such request: ${request.do}`);
  deed(request).then(
    (value) => tell({ id: request.id, value }),
    (error) => tell({ id: request.id, error: error.message }),
  );
});

/** `end` may have been asked before: then there is nothing left to do. */
let ending = false;
async function leave() {
  if (ending) return;
  ending = true;
  await endAll();
  process.exit();
}

process.on('disconnect', () => void leave());
// Ctrl-C in a terminal reaches every process; whoever started us decides when we go, by closing the channel.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
if (!process.send) {
  process.stderr.write('This program is started by others, such as npm run chaos.\n');
  void leave();
}
