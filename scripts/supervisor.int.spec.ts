// What the supervisor promises about processes: back after a crash, ended in order, nobody else touched.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnProcess } from '#testing';
import { isStillThere, recordOf } from './lib/process-identity.cjs';
import { until } from './lib/stop-process.cjs';
import { type RunningSupervisor, Supervisor } from './lib/supervisor.cjs';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-supervisor-'));
const supervisors: RunningSupervisor[] = [];

function newSupervisor(): RunningSupervisor {
  const supervisor = new Supervisor();
  supervisors.push(supervisor);
  return supervisor;
}

function program(name: string, standIn: string, boundMs = 5_000) {
  const script = path.join(__dirname, 'stand-ins', standIn);
  const logFile = path.join(folder, `${name}.log`);
  const stop = { signal: 'SIGTERM' as const, boundMs };
  return {
    name,
    file: process.execPath,
    args: [script],
    env: process.env,
    cwd: folder,
    signs: [script],
    logFile,
    stop,
  };
}

/** How often the program has said that it runs. */
function starts(name: string): number {
  const file = path.join(folder, `${name}.log`);
  return existsSync(file) ? readFileSync(file, 'utf8').split('running').length - 1 : 0;
}

afterAll(() => {
  for (const supervisor of supervisors) supervisor.killAll();
  rmSync(folder, { recursive: true, force: true });
});

describe('a supervisor', () => {
  it('starts a killed process again, with another pid', async () => {
    const supervisor = newSupervisor();
    await supervisor.start(program('killed', 'obedient.cjs'));
    supervisor.restartWhatEnds();
    const before = supervisor.pidOf('killed') ?? 0;
    expect(await until(() => starts('killed') === 1, 5_000)).toBe(true);
    process.kill(before, 'SIGKILL');
    expect(await until(() => starts('killed') === 2, 5_000)).toBe(true);
    expect(supervisor.pidOf('killed')).not.toBe(before);
    await supervisor.stopAll(['killed']);
  });

  it('does not start again what it was told to end', async () => {
    const supervisor = newSupervisor();
    await supervisor.start(program('ended', 'obedient.cjs'));
    supervisor.restartWhatEnds();
    const [record] = supervisor.records();
    await supervisor.kill('ended');
    expect(record && isStillThere(record)).toBe(false);
    expect(await until(() => supervisor.isAlive('ended'), 600)).toBe(false);
  });

  it('kills what does not end within its bound', async () => {
    const supervisor = newSupervisor();
    await supervisor.start(program('deaf', 'deaf.cjs', 200));
    await until(() => starts('deaf') === 1, 5_000);
    const ends: string[] = [];
    await supervisor.stopAll(['deaf'], (name, how) => ends.push(`${name} ${how}`));
    expect(ends).toEqual(['deaf killed']);
  });

  it('ends its processes one after the other, in the order given', async () => {
    const supervisor = newSupervisor();
    for (const name of ['first', 'second', 'third']) await supervisor.start(program(name, 'obedient.cjs'));
    const alive: string[][] = [];
    await supervisor.stopAll(['third', 'first', 'second'], () =>
      alive.push(
        supervisor
          .records()
          .filter(isStillThere)
          .map(({ name }) => name),
      ),
    );
    expect(alive).toEqual([['first', 'second'], ['second'], []]);
  });
});

describe('a process is ours', () => {
  it("only if its start and its command line are those written down: a number that is used again is nobody's", async () => {
    const script = path.join(__dirname, 'stand-ins', 'obedient.cjs');
    const other = spawnProcess(script);
    await other.untilOutput(/running/);
    const record = recordOf('other', other.pid, [script]);
    expect(isStillThere(record)).toBe(true);
    expect(isStillThere({ ...record, started: 'another boot:1' })).toBe(false);
    expect(isStillThere({ ...record, signs: ['postgres'] })).toBe(false);
    await other.end();
    expect(isStillThere(record)).toBe(false);
  });
});
