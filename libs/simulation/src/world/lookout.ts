// What is there to see from outside? Levels once a second, and the true capacity, which no policy knows, integrated over time.
import { trueCapacityPerSecond } from '../bank-capacity-config';
import { capacityFacts } from '../bank-capacity-state';
import type { Agenda } from './agenda';
import type { BankLine } from './bank-line';
import type { Census } from './census';
import type { PaymentQueue } from './payment-queue';

export interface LookoutParts {
  readonly agenda: Agenda;
  readonly census: Census;
  readonly banks: readonly BankLine[];
  readonly queues: readonly PaymentQueue[];
  readonly hands: { readonly limits: readonly number[]; takePeak(channel: number): number };
}

export class Lookout {
  /** Payments a bank could have served until a second, by channel. */
  readonly capacityUntilS: readonly number[][];

  constructor(private readonly parts: LookoutParts) {
    this.capacityUntilS = parts.banks.map(() => [0]);
  }

  /** Levels, once a second. */
  look(): void {
    const { nowMs } = this.parts.agenda;
    this.parts.banks.forEach((line, channel) => {
      this.parts.census.add(channel, 'limit', nowMs, Math.min(1e6, this.parts.hands.limits[channel] as number));
      this.parts.census.add(channel, 'in_flight', nowMs, this.parts.hands.takePeak(channel));
      this.parts.census.add(channel, 'backlog', nowMs, this.parts.queues[channel]?.waiting);
      this.parts.census.add(channel, 'bank_waiting', nowMs, capacityFacts(line.bank).waiting);
    });
  }

  /** The true capacity, in tenths of a second: changes of the banks come between them, at most a tenth early. */
  integrate(): void {
    const { nowMs } = this.parts.agenda;
    const second = Math.floor(nowMs / 1_000);
    this.parts.banks.forEach((line, channel) => {
      const until = this.capacityUntilS[channel] as number[];
      const perSecond = trueCapacityPerSecond(line.bank.config);
      this.parts.census.add(channel, 'capacity', nowMs, perSecond / 10);
      until[second + 1] = (until[second + 1] ?? (until[second] as number)) + perSecond / 10;
    });
  }
}
