import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { METRICS } from './metrics';
import { createMeters } from './meters';

const root = path.join(__dirname, '..', '..', '..');

describe('meters', () => {
  it('expose what was counted and how long it took', async () => {
    const meters = createMeters('worker', { error: jest.fn() });
    meters.count('sluice_alerts_total', { alert: 'late_success' }, 2);
    meters.observeMs('sluice_bank_call_ms', 15, { channel: 'icbc.quickpay', operation: 'pay' });
    meters.gauge('sluice_open_streams', 'Open streams.', () => 7);
    const { text } = await meters.expose();
    expect(text).toContain('sluice_alerts_total{alert="late_success",process="worker"} 2');
    expect(text).toMatch(
      /sluice_bank_call_ms_bucket\{le="20",process="worker",channel="icbc.quickpay",operation="pay"\} 1/,
    );
    expect(text).toContain('sluice_open_streams{process="worker"} 7');
  });

  it('show a value for each of what there is at a scrape, and not of what is gone', async () => {
    const meters = createMeters('worker', { error: jest.fn() });
    let channels: [string, number][] = [
      ['icbc.quickpay', 7],
      ['cmb.gateway', 0],
    ];
    meters.gaugePer('channel', 'sluice_flow_limit', 'Limit.', () => channels);
    expect((await meters.expose()).text).toContain('sluice_flow_limit{channel="cmb.gateway",process="worker"} 0');
    channels = [['icbc.quickpay', 8]];
    const { text } = await meters.expose();
    expect(text).toContain('sluice_flow_limit{channel="icbc.quickpay",process="worker"} 8');
    expect(text).not.toContain('cmb.gateway');
  });

  it('say once that a name is not listed, and let the payment go on', () => {
    const error = jest.fn();
    const meters = createMeters('worker', { error });
    meters.count('sluice_typo_total');
    meters.count('sluice_typo_total');
    meters.observeMs('sluice_alerts_total', 1);
    expect(error).toHaveBeenCalledTimes(2);
  });

  it('are listed: every name in the source is in METRICS, and every metric has a user', () => {
    const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter((file) => !/[.]spec[.]ts$/.test(file));
    const used = new Set<string>();
    for (const file of files) {
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const [, name] of text.matchAll(/meters\.(?:count|observeMs)\(\s*'([a-z0-9_]+)'/g)) used.add(name!);
    }
    expect([...used].sort()).toEqual(Object.keys(METRICS).sort());
  });
});
