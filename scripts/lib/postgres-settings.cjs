// The settings PostgreSQL runs with: the product's, the tests', the benchmark's and Docker's alike
// (scripts/settings.spec.ts holds docker-compose.yml to this list).
// @ts-check
'use strict';

/** @type {Record<string, string>} */
const postgresSettings = {
  // The commit is the acceptance of a payment: it is on the disk before we answer. Never off.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // The hot rows of a busy hour (narrow heads, the newest journal pages) fit; more is better left to the system's cache.
  shared_buffers: '256MB',
  // Checkpoints by time, not by volume, at some thousand payments a second; recovery still takes seconds.
  max_wal_size: '2GB',
  // Spread a checkpoint's writes over nearly the whole interval, so that commits do not wait behind them.
  checkpoint_completion_target: '0.9',
  // Full pages after a checkpoint are most of the WAL; compressing them costs less than writing them
  // (lz4 would cost less still, but the embedded binaries are built without it).
  wal_compression: 'pglz',
  // Two API and two worker processes with some ten connections each, the commands, and room for a person.
  max_connections: '100',
  // 256 MB do not repay pages that must be set aside by hand; asking for them fails on small machines.
  huge_pages: 'off',
  // Solid-state disks: a random page costs about what a sequential one does.
  random_page_cost: '1.1',
  // Our statements are short and prepared; compiling them costs more than running them.
  jit: 'off',
  // Jobs of a minute's length do not exist here; a stuck client must not hold rows for ever.
  idle_in_transaction_session_timeout: '60s',
  // Small, fast-moving tables: look after them at one dead row in twenty instead of one in five.
  autovacuum_vacuum_scale_factor: '0.05',
  // Times are stored and printed in UTC, wherever the machine stands.
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** As arguments for `postgres`. */
function asArguments() {
  return Object.entries(postgresSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

module.exports = { postgresSettings, asArguments };
