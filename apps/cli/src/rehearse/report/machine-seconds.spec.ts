import { processRuns } from './machine-seconds';

const looks = (name: string, cores: number) =>
  [0, 1, 2, 3].map((n) => ({ atMs: n * 1_000, name, cpuS: n * cores, memoryMb: 1 }));
const loops = (workerMs: number) =>
  [1, 2, 3].map((n) => ({ atMs: n * 1_000, orchestratorMs: 5, workerMs, clockStepMs: 0 }));
const fullOf = (resources: ReturnType<typeof looks>, workerMs: number): Record<string, boolean | undefined> =>
  Object.fromEntries(
    processRuns(resources, loops(workerMs), { beginMs: 0, length: 3, cpus: 2 }).map(({ full, name }) => [
      name,
      full[1],
    ]),
  );

describe('who had no processor time left', () => {
  it('is a process that uses nine tenths of its core, or whose event loop is late by its own work', () => {
    expect(fullOf(looks('worker', 0.95), 10)).toEqual({ worker: true });
    expect(fullOf(looks('worker', 0.3), 300)).toEqual({ worker: true });
    expect(fullOf(looks('worker', 0.3), 10)).toEqual({ worker: false });
  });

  it('is nobody of ours where others use the machine up and keep our event loops waiting', () => {
    const busy = [...looks('machine', 2), ...looks('worker', 0.2)];
    expect(fullOf(busy, 300)).toEqual({ worker: false, machine: true, others: true });
  });

  it('is nobody where the machine is full and whoever needs it has it', () => {
    const busy = [...looks('machine', 2), ...looks('worker', 0.2)];
    expect(fullOf(busy, 10)).toEqual({ worker: false, machine: false, others: false });
  });
});
