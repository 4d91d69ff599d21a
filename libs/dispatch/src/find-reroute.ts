/**
 * Where may a payment go whose bank cannot take it now? Over another of its own instruments, and only where its merchant said so
 * (`routing.mode: reroute`). The choice itself is policy; here its facts are gathered.
 */
import type { Attempt, Payment } from '#domain';
import { paymentReference } from '#domain';
import { type ChannelScores, type Reroute, type RetryBudget, chooseRoute, decideAdmission } from '#policy';
import type { ChannelRegistry } from './ports/channel-registry';
import type { PaymentJournal } from './ports/payment-journal';
import type { Clock, Log, Names } from './ports/surroundings';

export interface FindRerouteParts {
  readonly journal: PaymentJournal;
  readonly channels: ChannelRegistry;
  /** How each channel has worked in the last minutes, as this process saw it. */
  readonly scores: ChannelScores;
  /** Other channels take a tenth of their traffic in payments that failed elsewhere, and no more: the next bank must not fall with this one. */
  readonly budget: RetryBudget;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
}

export class FindReroute {
  constructor(private readonly parts: FindRerouteParts) {}

  /** @returns null where the merchant does not want it, nothing has room for the payment, or the journal cannot be asked */
  async find(payment: Payment, attempt: Attempt): Promise<Reroute | null> {
    if (payment.routingMode !== 'reroute' || payment.instruments.length < 2) return null;
    const { budget, channels, clock, journal, log, names, scores } = this.parts;
    let tried: ReadonlySet<string>;
    try {
      tried = new Set(await journal.triedInstruments(payment.id));
    } catch (error) {
      log.warn('A payment was not rerouted: what it has tried could not be read', {
        payment: payment.id,
        error: String(error),
      });
      return null;
    }
    const route = chooseRoute(
      payment.instruments.map(({ token, channelId }) => {
        const entry = channels.get(channelId);
        const admission =
          entry &&
          decideAdmission(entry.channel, entry.limits, entry.order, payment.amount, payment.expiresAt, payment.readAt);
        return {
          token,
          channelId,
          admitted: admission?.kind === 'admit',
          tried: tried.has(token) || token === attempt.instrumentToken,
          ...scores.score(channelId, clock.monotonicMs()),
          feeBasisPoints: entry?.channel.feeBasisPoints ?? 0,
        };
      }),
    );
    if (!route || !budget.mayRetry(route.channelId, clock.monotonicMs())) return null;
    const leg = attempt.leg + 1;
    const bankReference = paymentReference(payment.merchantId, payment.merchantOrderNo, leg, names.sha256);
    const { channelId, token } = route;
    const limitRevision = channels.get(channelId)!.limits.revision;
    const nextLeg = { leg, channelId, instrumentToken: token, bankReference, limitRevision };
    return { leg: nextLeg, reason: route.reason };
  }
}
