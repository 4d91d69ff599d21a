// Finds a Redis or Valkey server, or has the system's package manager install one where that works
// without asking anybody anything; otherwise says the one line to run.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

/** @typedef {{ file: string, argv0: string }} RedisBinary */

/** Debian's daemons are often outside an ordinary user's PATH; Homebrew's outside a script's. */
const ALSO = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/opt/homebrew/bin'];

/** Ten minutes: package lists over a slow line. */
const INSTALL_BOUND_MS = 600_000;

/**
 * In order of preference per system. Debian's and Ubuntu's `redis-server` would put a service of its
 * own on port 6379; `redis-tools` holds the same program (as redis-check-rdb, which is the server
 * under another name) and starts nothing.
 * @type {{ manager: string, commands: string[][], asRoot: boolean }[]}
 */
const MANAGERS = [
  {
    manager: 'apt-get',
    commands: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'redis-tools'],
    ],
    asRoot: true,
  },
  { manager: 'dnf', commands: [['dnf', 'install', '-y', '-q', 'valkey']], asRoot: true },
  { manager: 'apk', commands: [['apk', 'add', '--quiet', 'redis']], asRoot: true },
  { manager: 'pacman', commands: [['pacman', '-S', '--noconfirm', '--needed', 'valkey']], asRoot: true },
  { manager: 'zypper', commands: [['zypper', '--non-interactive', 'install', 'redis']], asRoot: true },
  { manager: 'brew', commands: [['brew', 'install', '--quiet', 'redis']], asRoot: false },
];

/**
 * @param {(text: string) => void} say
 * @returns {RedisBinary}
 */
function redisBinary(say) {
  return find() ?? install(say);
}

/** @returns {RedisBinary | undefined} */
function find() {
  for (const name of ['redis-server', 'valkey-server']) {
    const file = onPath(name);
    if (file) return { file, argv0: name };
  }
  const checker = onPath('redis-check-rdb');
  if (!checker) return undefined;
  // Only a program that is the server too (Debian's is) answers like one.
  const answer = spawnSync(checker, ['--version'], { argv0: 'redis-server', encoding: 'utf8' });
  return /^Redis server v=/.test(answer.stdout ?? '') ? { file: checker, argv0: 'redis-server' } : undefined;
}

/**
 * @param {(text: string) => void} say
 * @returns {RedisBinary}
 */
function install(say) {
  const known = MANAGERS.find(({ manager }) => onPath(manager));
  if (!known) {
    throw new Error(
      'Redis is missing. Install redis-server or valkey-server 6.2 or later, or give one: REDIS_URL=redis://host:6379 npm start',
    );
  }
  const isRoot = process.getuid?.() === 0;
  const prefix = known.asRoot && !isRoot ? ['sudo', '-n'] : [];
  const line = known.commands
    .map((command) => [...(known.asRoot && !isRoot ? ['sudo'] : []), ...command].join(' '))
    .join(' && ');
  const mayInstall = known.asRoot ? isRoot || spawnSync('sudo', ['-n', 'true']).status === 0 : !isRoot;
  if (mayInstall) {
    say(`no Redis found; installing it: ${line}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const [file, ...args] of known.commands.map((command) => [...prefix, ...command])) {
      // Each may fail without harm (old package lists still serve): what counts is whether a server is there after.
      spawnSync(String(file), args, { stdio: ['ignore', 2, 2], env, timeout: INSTALL_BOUND_MS });
    }
    const found = find();
    if (found) return found;
  }
  throw new Error(
    `Redis is missing. Run: ${line}\nThen run the command again (or give one: REDIS_URL=redis://host:6379).`,
  );
}

/** @param {string} name */
function onPath(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...ALSO];
  return folders.map((folder) => path.join(folder, name)).find((file) => isExecutable(file));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

module.exports = { redisBinary };
