/**
 * Writes what evidence makes of a refund: a bank's answer, an inquiry's, or a line of its statement, all through one function
 * (money.md sections 8, 9 and 11).
 */
import type { Channel, Evidence, Refund } from '#domain';
import { isSettledRefund } from '#domain';
import {
  type Alert,
  type EvidenceOrigin,
  FIRST_INQUIRY_MS,
  GIVE_BACK_SCHEDULE_MS,
  nextLookMs,
  weighRefund,
} from '#policy';
import type { ChannelEntry } from './ports/channel-registry';
import type { Connector } from './ports/connector';
import type { RefundJournal } from './ports/refund-journal';
import type { Clock, Log, Meters } from './ports/surroundings';
import type { Worklist } from './ports/worklist';

export interface SettleRefundParts {
  readonly refunds: RefundJournal;
  readonly worklist: Worklist;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
}

/** A closed channel is sent no money; when it opens again, its refunds go within this, ms. */
export const CHANNEL_CLOSED_MS = 15_000;

/** One refund has one carrier at a time; more collisions than this mean that something is wrong. It is looked at again anyway. */
const COLLISIONS_MAX = 8;

export class SettleRefund {
  constructor(private readonly parts: SettleRefundParts) {}

  /**
   * @param dispatchToken held only by the worker whose call it was; lets the refund go back to `requested`
   * @returns whether the bank has nothing of it, so that it may be sent again under the same reference
   */
  async settle(
    refund: Refund,
    entry: ChannelEntry,
    evidence: Evidence,
    origin: EvidenceOrigin,
    dispatchToken?: string,
  ): Promise<'written' | 'resend'> {
    const { clock, connectorFor, log, refunds } = this.parts;
    const contract = connectorFor(entry.channel).capabilities(refund.channelId);
    let current: Refund = refund;
    for (let tries = 0; tries < COLLISIONS_MAX; tries += 1) {
      const verdict = weighRefund(current, evidence, origin, contract, clock.epochMs());
      if (verdict.kind === 'resend') {
        if (entry.channel.enabled) return 'resend';
        await refunds.postpone(current, CHANNEL_CLOSED_MS);
        return 'written';
      }
      if (verdict.kind === 'stay') {
        await this.raise(verdict.alert, current);
        if (verdict.lookAgainInMs !== null) await refunds.postpone(current, verdict.lookAgainInMs);
        return 'written';
      }
      const { kind: _kind, alert, ...move } = verdict;
      // Before the write: a process that dies between the two tells people once too often, never not at all.
      await this.raise(alert, current);
      const commit = await refunds.move({ refund: current, ...move, ...(dispatchToken && { dispatchToken }) });
      if (commit.kind === 'committed' && commit.value) {
        if (isSettledRefund(move.to)) {
          await this.parts.worklist.resolve('refund_unanswered', current.id, `The bank has spoken: ${move.to}`);
        }
        return 'written';
      }
      if (commit.kind === 'not_committed') {
        log.error('The outcome of a refund could not be written; the bank is asked again', {
          refund: refund.id,
          to: move.to,
          reason: commit.reason,
          detail: commit.detail,
        });
        return 'written';
      }
      const now = await refunds.read(refund.id);
      if (!now) return 'written';
      current = now;
    }
    await refunds.postpone(current, nextLookMs(GIVE_BACK_SCHEDULE_MS, current.looks) + FIRST_INQUIRY_MS);
    return 'written';
  }

  private async raise(alert: Alert | null, refund: Refund): Promise<void> {
    if (!alert) return;
    const { bankReference, channelId, id, leg, originalReference, paymentId } = refund;
    this.parts.log.error(alert.message, { alert: alert.code, payment: paymentId, refund: id });
    this.parts.meters.count('sluice_alerts_total', { alert: alert.code });
    const facts = { reference: bankReference, of: originalReference, amount: { ...refund.amount } };
    await this.parts.worklist.add({ kind: alert.code, subject: id, paymentId, leg, channelId, facts });
  }
}
