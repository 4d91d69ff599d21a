/** The floor's first process: Fastify with a schema for body and answer, one batched insert, one BullMQ add for the batch's jobs. */
import { Queue } from 'bullmq';
import Fastify from 'fastify';
import { FLOOR_QUEUE, floorSettings } from './floor-settings.ts';
import { FloorBatches, fail } from './floor-batches.ts';

const { databaseUrl, redisUrl, batch } = floorSettings();
const text = { type: 'string' };
const payment = {
  type: 'object',
  required: ['merchant_order_no', 'amount', 'payment_method'],
  properties: {
    id: text,
    merchant_order_no: text,
    amount: {
      type: 'object',
      required: ['value', 'currency'],
      properties: { value: { type: 'integer' }, currency: text },
    },
    payment_method: { type: 'object', required: ['token'], properties: { token: text } },
    on_decline: text,
    status: text,
  },
};
interface Body {
  readonly merchant_order_no: string;
}

const accepted = new FloorBatches(databaseUrl, 'accepted', batch);
const queue = new Queue(FLOOR_QUEUE, { connection: { url: redisUrl } });
let jobs: { id: string; added: () => void }[] = [];
let numbers = 0;
const prefix = `${process.pid}_`;

/** Jobs whose rows one commit stored arrive in one turn of the event loop, and leave in one addBulk. */
function add(id: string): Promise<void> {
  return new Promise((added) => {
    if (jobs.length === 0) setImmediate(() => void addGathered().catch(fail));
    jobs.push({ id, added });
  });
}

async function addGathered(): Promise<void> {
  const gathered = jobs;
  jobs = [];
  const options = { removeOnComplete: true };
  await queue.addBulk(gathered.map(({ id }) => ({ name: 'pay', data: { id }, opts: options })));
  for (const { added } of gathered) added();
}

const app = Fastify({ logger: false });
app.post<{ Body: Body }>(
  '/v1/payments',
  { schema: { body: payment, response: { 202: payment } } },
  async (request, reply) => {
    const id = `${prefix}${(numbers += 1)}`;
    const { body } = request;
    await accepted.insert({ id, order_key: id, body: JSON.stringify(body) });
    await add(id);
    return reply.code(202).send({ ...body, id, status: 'queued' });
  },
);
app.listen({ port: 0, host: '127.0.0.1' }).then((url) => process.send?.({ kind: 'ready', url }), fail);
