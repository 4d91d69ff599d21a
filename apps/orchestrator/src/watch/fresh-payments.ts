/**
 * Which payments did this process accept a moment ago, of which nothing has been heard since? A checkout asks for its payment right
 * after it was accepted; there is nothing to read yet, and it can start to wait at once.
 *
 *   enter ──▶ commit ──▶ 202 ──▶ GET: isQueued? ──▶ wait
 *     any notification of the payment, or of missed ones ──▶ forgotten: read it
 *
 * A payment is entered *before* its commit, so that no notification of it comes too early to be noticed. Nothing here is ever shown to
 * anybody: it only says that waiting may begin without a read, in the order in which the feed told things to those who wait.
 */
import type { AcceptResult, Commit, PaymentDraft, PaymentJournal } from '#dispatch';
import type { MerchantId } from '#domain';
import type { PaymentFeed } from '#postgres';

/** Kept for one to two of these: a checkout asks within milliseconds, and what is asked later is read. */
const GENERATION_MS = 1_000;
/** In one generation: what this process could accept in it at its best, 1 MB. Beyond it payments are simply read. */
const GENERATION_MAX = 8_000;

export class FreshPayments {
  private young = new Map<string, MerchantId>();
  private old = new Map<string, MerchantId>();
  private turnedMs = 0;

  constructor(
    feed: PaymentFeed,
    private readonly monotonicMs: () => number,
  ) {
    feed.subscribe((ids) => {
      for (const id of ids) this.forget(id);
    });
    feed.onReset(() => {
      this.young.clear();
      this.old.clear();
    });
  }

  /** The journal for whoever accepts: what it is asked to accept is entered first. */
  entering(journal: Pick<PaymentJournal, 'accept' | 'findByKey'>): Pick<PaymentJournal, 'accept' | 'findByKey'> {
    return {
      findByKey: (merchantId, idempotencyKey) => journal.findByKey(merchantId, idempotencyKey),
      accept: async (draft: PaymentDraft): Promise<Commit<AcceptResult>> => {
        this.enter(draft);
        const commit = await journal.accept(draft);
        // An earlier try may have landed, and the payment moved on before this one entered it again.
        if (commit.kind !== 'committed' || commit.value.outcome !== 'inserted') this.forget(draft.id);
        return commit;
      },
    };
  }

  /** Whoever knows the id has been told of its acceptance; the payment is this merchant's, and was queued when last heard of. */
  isQueued(merchantId: MerchantId, id: string): boolean {
    this.turn();
    return (this.young.get(id) ?? this.old.get(id)) === merchantId;
  }

  private enter({ id, merchantId }: PaymentDraft): void {
    this.turn();
    if (this.young.size < GENERATION_MAX) this.young.set(id, merchantId);
  }

  private forget(id: string): void {
    if (!this.young.delete(id)) this.old.delete(id);
  }

  private turn(): void {
    const nowMs = this.monotonicMs();
    if (nowMs - this.turnedMs < GENERATION_MS) return;
    this.old = nowMs - this.turnedMs < 2 * GENERATION_MS ? this.young : new Map();
    this.young = new Map();
    this.turnedMs = nowMs;
  }
}
