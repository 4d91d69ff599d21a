/**
 * Payments that wait while others flow: over a channel that an operator has paused, with their rows in the journal and their jobs in the
 * queue, added by the product's own code.
 */
import type { ChannelId, PaymentId } from '../../libs/domain/src/index.ts';
import type { Report } from '../bench-run.ts';
import { Generator } from '../generator.ts';
import { queue } from '../product-libs.ts';
import type { Side } from '../side.ts';
import { copyPayments, settleJournal } from './copy-payments.ts';

/** No bank behind it, and nothing of the measured load goes over it. */
const CHANNEL = 'wallet.balance' as ChannelId;
/** Carried for real, to be copied. */
const PATTERNS = 64;
/** Jobs added at once: half of what the product's queue lets pend. */
const JOBS_AT_ONCE = 5_000;

export async function fillBacklog(side: Side, count: number, report: Report): Promise<void> {
  const { product } = side;
  const generator = new Generator(product.url, product.apiKey, ['tok_wallet_balance_ok']);
  try {
    await generator.run({ model: 'count', payments: PATTERNS, inFlight: PATTERNS, follow: true, seed: 1 });
  } finally {
    await generator.end();
  }
  await product.query(
    `insert into channel_orders (target, hold, ordered_by, reason) values ($1, 'pause', 'bench', 'a backlog is wanted')`,
    [CHANNEL],
  );
  await report.step(`${count} payments wait`, async (detail) => {
    const begunMs = performance.now();
    await copyPayments(product.query, 'queued', CHANNEL, count);
    await settleJournal(product.query);
    const rowsMs = performance.now() - begunMs;
    await addJobs(side);
    detail(
      `rows ${(rowsMs / 1_000).toFixed(0)} s, jobs ${((performance.now() - begunMs - rowsMs) / 1_000).toFixed(0)} s`,
    );
  });
  await side.openBooks();
}

async function addJobs({ product }: Side): Promise<void> {
  const { BullWorkQueue, RedisLink } = queue();
  const link = new RedisLink(product.redisUrl, 'bench');
  await new Promise<void>((ready) => link.redis.once('ready', ready));
  try {
    const jobs = new BullWorkQueue(link, { count: () => undefined, observeMs: () => undefined });
    for (let after = ''; ;) {
      const rows = await product.query(
        `select payment_id from payment_heads where payment_id > $1 and state = 'queued' and channel_id = $2
         order by payment_id limit ${JOBS_AT_ONCE}`,
        [after, CHANNEL],
      );
      const ids = rows.map((row) => String(row['payment_id']) as PaymentId);
      if (ids.length === 0) return;
      const added = await Promise.all(ids.map((paymentId) => jobs.add('pay', CHANNEL, { paymentId, version: 1 })));
      if (!added.every(Boolean)) throw new Error('Redis did not take all jobs of the backlog; is its memory enough?');
      after = ids.at(-1) ?? '';
    }
  } finally {
    link.close();
  }
}
