import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capacityCommand } from './capacity';

describe('sluice capacity', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-capacity-'));
  const exitCode = process.exitCode;
  beforeAll(() => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterAll(() => {
    jest.restoreAllMocks();
    process.exitCode = exitCode;
    rmSync(folder, { recursive: true });
  });

  it('writes the common JSON shape and a page, and finds that two banks are not alike', async () => {
    const json = join(folder, 'new', 'capacity.json');
    const html = join(folder, 'capacity.html');
    const banks = 'cmb.gateway,ccb.gateway';
    await capacityCommand().parseAsync(['--banks', banks, '--seed', '7', '--json', json, '--html', html], {
      from: 'user',
    });

    const outcome: unknown = JSON.parse(readFileSync(json, 'utf8'));
    expect(outcome).toMatchObject({ command: 'capacity', seed: 7, ok: true, violations: [] });
    expect(outcome).toMatchObject({
      figures: expect.arrayContaining([
        { name: 'served_over_true_max', value: expect.any(Number), unit: 'ratio', goal: '<= 1.05', met: true },
        { name: 'collapses.cmb.gateway', value: 0, unit: 'count', goal: null, met: null },
        { name: 'collapses.ccb.gateway', value: 1, unit: 'count', goal: null, met: null },
        { name: 'recovery.ccb.gateway', value: null, unit: 's', goal: null, met: null },
      ]),
      detail: { channels: { 'cmb.gateway': { seed: 7 }, 'ccb.gateway': { seed: 7 } } },
    });
    expect(readFileSync(html, 'utf8')).toContain('id="ccb.gateway"');
    expect(process.exitCode).toBe(0);
  });

  it('names the channels there are when asked for one there is not', async () => {
    const command = capacityCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    await expect(command.parseAsync(['--banks', 'icbc'], { from: 'user' })).rejects.toThrow(/there are icbc.quickpay/);
  });
});
