// What befalls the world? The events of a scenario, put on its agenda.
import { patchCapacityConfig } from '../parse-capacity-config';
import type { Scenario } from '../scenarios/scenario';
import type { Agenda } from './agenda';
import type { BankLine } from './bank-line';
import type { Redis } from './roads';

/** A drift is so many small steps a second. */
const DRIFT_STEPS_PER_SECOND = 2;

/** @param redisIsBack what waited is looked at again */
export function startEvents(
  agenda: Agenda,
  scenario: Scenario,
  banks: readonly BankLine[],
  redis: Redis,
  controller: { die(electionMs: number): void },
  redisIsBack: () => void,
): void {
  const bankOf = (id: string): BankLine =>
    banks[scenario.channels.findIndex((channel) => channel.id === id)] as BankLine;
  for (const event of scenario.events) {
    agenda.at(event.atS * 1_000, () => {
      switch (event.do) {
        case 'bank': {
          const line = bankOf(event.channel);
          return line.change(patchCapacityConfig(line.bank.config, event.change));
        }
        case 'drift':
          return drift(agenda, bankOf(event.channel), event.slots, event.untilS);
        case 'redis_gone':
          redis.gone = true;
          redisIsBack(); // workers now look at the journal
          return agenda.at(event.untilS * 1_000, () => {
            redis.gone = false;
            redisIsBack();
          });
        case 'controller_dies':
          return controller.die(scenario.site.electionMs);
      }
    });
  }
}

function drift(agenda: Agenda, line: BankLine, toSlots: number, untilS: number): void {
  const from = line.bank.config.slots;
  const startMs = agenda.nowMs;
  const steps = Math.max(1, Math.round((untilS - startMs / 1_000) * DRIFT_STEPS_PER_SECOND));
  for (let step = 1; step <= steps; step += 1) {
    agenda.at(startMs + (step * 1_000) / DRIFT_STEPS_PER_SECOND, () =>
      line.change({ ...line.bank.config, slots: Math.round(from + ((toSlots - from) * step) / steps) }),
    );
  }
}
