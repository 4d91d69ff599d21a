import type { AcceptResult, Commit, PaymentDraft } from '#dispatch';
import type { MerchantId } from '#domain';
import type { PaymentFeed } from '#postgres';
import { FreshPayments } from './fresh-payments';

const MERCHANT = 'mer_1' as MerchantId;
const draft = { id: 'pay_1', merchantId: MERCHANT } as PaymentDraft;
const inserted = { kind: 'committed', value: { outcome: 'inserted' } } as Commit<AcceptResult>;

function freshPayments() {
  let nowMs = 10_000;
  let tell: (ids: readonly string[]) => void = () => undefined;
  let reset: () => void = () => undefined;
  const feed: PaymentFeed = {
    subscribe: (listener) => ((tell = (ids) => listener(ids, [])), () => undefined),
    onReset: (listener) => ((reset = listener), () => undefined),
  };
  const fresh = new FreshPayments(feed, () => nowMs);
  let ending: Commit<AcceptResult> = inserted;
  let meanwhile = () => undefined as void;
  const journal = fresh.entering({
    accept: () => (meanwhile(), Promise.resolve(ending)),
    findByKey: () => Promise.resolve(null),
  });
  return {
    fresh,
    accept: () => journal.accept(draft),
    isQueued: (merchantId = MERCHANT) => fresh.isQueued(merchantId, 'pay_1'),
    tell: () => tell(['pay_1']),
    reset: () => reset(),
    passMs: (ms: number) => void (nowMs += ms),
    endWith: (commit: Commit<AcceptResult>) => void (ending = commit),
    during: (what: () => void) => void (meanwhile = what),
  };
}

describe('a payment accepted a moment ago', () => {
  it('is queued as far as this process has heard, for its own merchant only', async () => {
    const { accept, isQueued } = freshPayments();
    expect(isQueued()).toBe(false);
    await accept();
    expect(isQueued()).toBe(true);
    expect(isQueued('mer_2' as MerchantId)).toBe(false);
  });

  it('is read again once it has moved, even if that was heard before its acceptance was', async () => {
    const later = freshPayments();
    await later.accept();
    later.tell();
    expect(later.isQueued()).toBe(false);
    const earlier = freshPayments();
    earlier.during(earlier.tell);
    await earlier.accept();
    expect(earlier.isQueued()).toBe(false);
  });

  it('is read again after notifications may have been missed', async () => {
    const { accept, isQueued, reset } = freshPayments();
    await accept();
    reset();
    expect(isQueued()).toBe(false);
  });

  it('is read where an earlier try had landed: it may have moved in between', async () => {
    const { accept, endWith, isQueued, tell } = freshPayments();
    endWith({ kind: 'indeterminate', detail: 'connection lost' });
    await accept();
    tell();
    endWith({ kind: 'committed', value: { outcome: 'exists' } } as Commit<AcceptResult>);
    await accept();
    expect(isQueued()).toBe(false);
  });

  it('is forgotten within two seconds, also by a process that slept', async () => {
    const { accept, isQueued, passMs } = freshPayments();
    await accept();
    passMs(999);
    expect(isQueued()).toBe(true);
    passMs(1_001);
    expect(isQueued()).toBe(false);
    await accept();
    passMs(60_000);
    expect(isQueued()).toBe(false);
  });
});
