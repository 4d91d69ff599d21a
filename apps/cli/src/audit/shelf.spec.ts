import type { ClientRequest, LedgerLine } from '#audit';
import { Shelf } from './shelf';

const line = (seq: number, reference: string, originalReference: string | null = null): LedgerLine => ({
  seq,
  channel: 'icbc.quickpay',
  operation: originalReference === null ? 'charge' : 'refund',
  reference,
  originalReference,
  amountMinor: 100,
  currency: 'CNY',
  instrument: null,
  receivedAtMs: 0,
  sendByMs: null,
  result: 'OK',
  bankTransactionId: null,
});
const request = (idempotencyKey: string, atMs: number): ClientRequest => ({
  merchantId: 'mer_1',
  kind: 'post',
  idempotencyKey,
  merchantOrderNo: 'order',
  atMs,
  bodyHash: '',
  amountMinor: 100,
  currency: 'CNY',
  instrumentToken: 'tok',
  status: 202,
  code: null,
  accepted: true,
  paymentId: null,
  state: null,
});
async function* each<Row>(...rows: Row[]): AsyncGenerator<Row> {
  yield* rows;
}

describe('the shelf of an audit', () => {
  it('gives each line once, a refund with the charge it undoes, and keeps what nobody asked for', async () => {
    const shelf = new Shelf();
    expect(await shelf.putLines(each(line(1, 'A'), line(2, 'B'), line(3, 'UNDO', 'A'), line(4, 'A')))).toBe(4);
    expect(shelf.takeLines(['A', 'NEVER']).map(({ seq }) => seq)).toEqual([1, 3, 4]);
    expect(shelf.takeLines(['A'])).toEqual([]);
    expect([...shelf.leftLines()].map(({ seq }) => seq)).toEqual([2]);
    shelf.close();
  });

  it('gives requests in the order of the log, and groups what is left by key', async () => {
    const shelf = new Shelf();
    await shelf.putRequests(each(request('k2', 1), request('k1', 2), request('k2', 3), request('k3', 4)));
    expect(shelf.takeRequests([{ merchantId: 'mer_1', idempotencyKey: 'k1' }]).map(({ atMs }) => atMs)).toEqual([2]);
    expect(shelf.takeRequests([{ merchantId: 'mer_2', idempotencyKey: 'k2' }])).toEqual([]);
    expect([...shelf.leftRequests()].map((group) => group.map(({ atMs }) => atMs))).toEqual([[1, 3], [4]]);
    shelf.close();
  });
});
