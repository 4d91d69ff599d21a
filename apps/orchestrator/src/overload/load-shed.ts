/**
 * Turns work away while this process is strained: bulk first, paying customers later, reads last (libs/policy, load-shed). A payment that
 * is turned away is read and its key looked up first, so that the retry of something accepted is never told that it was not.
 */
import type { AcceptCommand, Log, Meters, Refusal } from '#dispatch';
import { PAYER_COHORTS, type Sha256, TIER, shardOf } from '#domain';
import { ALL_LET_IN, type LoadShed as LoadShedState, type Strain, type Work, mustShed, stepLoadShed } from '#policy';

export interface LoadShedParts {
  readonly strain: { look(): Strain };
  readonly sha256: Sha256;
  readonly random: () => number;
  readonly meters: Meters;
  readonly log: Log;
}

export class LoadShed {
  private state: LoadShedState = ALL_LET_IN;

  constructor(private readonly parts: LoadShedParts) {}

  /** 3: all is let in; below 2 no bulk is, below 1 no payment, at 0 nothing. */
  get openness(): number {
    return this.state.openness;
  }

  /** To be called every SHED_TICK_MS. */
  tick(): void {
    const { log, strain } = this.parts;
    const seen = strain.look();
    const before = this.state;
    this.state = stepLoadShed(before, seen);
    if (before.because === this.state.because) return;
    if (this.state.because === null) log.info('This process lets all work in again');
    else
      log.warn('This process is strained and turns work away, the least urgent first', {
        because: this.state.because,
        ...seen,
      });
  }

  /** @returns null: it may come in */
  refusalOf({ merchantId, merchantOrderNo, payerId, suggestionId, tier }: AcceptCommand): Refusal | null {
    if (this.state.openness === ALL_LET_IN.openness) return null;
    // The same cohort as at the door: a payer stays in, or out, through a whole checkout.
    const cohort = shardOf(merchantId, payerId ?? merchantOrderNo, PAYER_COHORTS, this.parts.sha256);
    // Whoever takes a suggestion was promised room: a promise yields last. One that is not ours is refused by its seal, which is cheap.
    const work = suggestionId !== null ? 'read' : tier === TIER.bulk ? 'bulk' : 'paying';
    if (!this.sheds(work, cohort / PAYER_COHORTS)) return null;
    return { kind: 'refused', code: 'router_overloaded', reason: this.reason() };
  }

  shedsRead(): boolean {
    return this.state.openness < 1 && this.sheds('read', this.parts.random());
  }

  private sheds(work: Work, place: number): boolean {
    if (!mustShed(this.state, work, place)) return false;
    this.parts.meters.count('sluice_shed_total', { work });
    return true;
  }

  private reason(): { code: string; because: string | null } {
    return { code: 'router_overloaded', because: this.state.because };
  }
}
