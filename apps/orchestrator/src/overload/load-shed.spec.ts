import type { AcceptCommand } from '#dispatch';
import { TIER } from '#domain';
import { type Strain } from '#policy';
import { systemNames } from '#runtime';
import { createLog, createMeters } from '#telemetry';
import { LoadShed } from './load-shed';

const log = createLog({ process: 'orchestrator', level: 'info' }, { write: () => {} });

function afterStrain(loopDelayMs: number): LoadShed {
  const seen: Strain = { loopDelayMs, heapShare: 0, residentShare: 0 };
  const meters = createMeters('orchestrator', log);
  const shed = new LoadShed({
    strain: { look: () => seen },
    sha256: systemNames.sha256,
    random: () => 0.5,
    meters,
    log,
  });
  for (let step = 0; step < 10; step += 1) shed.tick();
  return shed;
}

const command = (change: Partial<AcceptCommand>) =>
  ({
    merchantId: 'mer_1',
    merchantOrderNo: 'order-1',
    payerId: 'payer-1',
    suggestionId: null,
    tier: TIER.paying,
    ...change,
  }) as AcceptCommand;

describe('a strained process', () => {
  it('keeps its promises: who takes a suggestion is let in while other payers are turned away', () => {
    const strained = afterStrain(300);
    expect(strained.refusalOf(command({}))).toMatchObject({ code: 'router_overloaded' });
    expect(strained.refusalOf(command({ suggestionId: 'sug_1' }))).toBeNull();
  });

  it('turns even promises away when it can answer nobody in time', () => {
    expect(afterStrain(2_000).refusalOf(command({ suggestionId: 'sug_1' }))).toMatchObject({
      code: 'router_overloaded',
    });
  });
});
