import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, NewEntry } from './entry';
import { Ledger } from './ledger';

const charge = (reference: string, change: Partial<NewEntry> = {}): NewEntry => ({
  channel: 'icbc.quickpay',
  operation: 'charge',
  reference,
  amount_minor: 100,
  currency: 'CNY',
  instrument: 'tok_icbc_quickpay_ok',
  received_at: '2026-11-11T00:00:00.000Z',
  send_by: '2026-11-11T00:00:02.000Z',
  booked_at: '2026-11-11T00:00:00.100Z',
  result: 'OK',
  code: '00',
  ...change,
});
const undo = (operation: 'refund' | 'reversal', reference: string, original: string, amount = 100): NewEntry => ({
  ...charge(reference, { operation, original_reference: original, amount_minor: amount }),
});

describe('the bank ledger', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bank-ledger-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (ledger: Ledger): Promise<void> => new Promise((done) => ledger.afterWrite(done));
  const all = async (ledger: Ledger, after = 0): Promise<Entry[]> => {
    const entries: Entry[] = [];
    for await (const { entry } of ledger.read(after)) entries.push(entry);
    return entries;
  };

  it('says "written" only when the line is in the file', async () => {
    const ledger = await Ledger.open(folder);
    ledger.write(charge('A'));
    await written(ledger);
    expect(JSON.parse(readFileSync(ledger.path, 'utf8'))).toMatchObject({ seq: 1, reference: 'A', result: 'OK' });
    ledger.close();
  });

  it('knows after a restart what it knew before', async () => {
    const before = await Ledger.open(folder);
    before.write(charge('A'));
    before.write(undo('refund', 'F', 'A', 30));
    before.write(charge('B'));
    before.write(undo('reversal', 'R', 'B'));
    before.write(undo('reversal', 'N', 'never-seen', 0));
    const knew = [...before.of('icbc.quickpay').all()];
    before.close();
    const after = await Ledger.open(folder);
    expect([...after.of('icbc.quickpay').all()]).toEqual(knew);
    expect(after.of('icbc.quickpay').charge('A')).toMatchObject({ state: 'OK', refundedMinor: 30, reversed: false });
    expect(after.of('icbc.quickpay').charge('B')).toMatchObject({ reversed: true, reversedMinor: 100 });
    expect(after.of('icbc.quickpay').charge('never-seen')).toMatchObject({ state: 'NONE', reversed: true });
    expect(after.write(charge('C')).seq).toBe(6);
    after.close();
  });

  it('cuts off a line that a crash left unfinished, since nobody was told of it', async () => {
    const before = await Ledger.open(folder);
    before.write(charge('A'));
    before.close();
    appendFileSync(before.path, '{"seq":2,"channel":"icbc.qui');
    const after = await Ledger.open(folder);
    expect(after.lastSeq).toBe(1);
    after.write(charge('B'));
    expect((await all(after)).map((entry) => entry.reference)).toEqual(['A', 'B']);
    after.close();
  });

  it('refuses a file that somebody edited', async () => {
    const before = await Ledger.open(folder);
    before.write(charge('A'));
    before.write(charge('B'));
    before.close();
    writeFileSync(before.path, readFileSync(before.path, 'utf8').split('\n').slice(1).join('\n'));
    await expect(Ledger.open(folder)).rejects.toThrow(/line 1 .* changed by hand/);
  });

  it('reads on after a sequence number, across the remembered offsets', async () => {
    const ledger = await Ledger.open(folder);
    for (let n = 1; n <= 3000; n += 1) ledger.write(charge(`支付-${n}`));
    const tail = await all(ledger, 2047);
    expect(tail.map((entry) => entry.seq)).toEqual(Array.from({ length: 953 }, (_x, index) => 2048 + index));
    expect(await all(ledger, 3000)).toEqual([]);
    ledger.close();
  });

  it('counts a reference that is charged twice, and not one that was reversed in between', async () => {
    const ledger = await Ledger.open(folder);
    ledger.write(charge('A'));
    ledger.write(charge('A'));
    ledger.write(charge('B'));
    ledger.write(undo('reversal', 'R', 'B'));
    ledger.write(charge('B'));
    expect(ledger.summary.toJSON()['icbc.quickpay']).toMatchObject({ charge: { count: 4 }, charged_twice: 1 });
    ledger.close();
  });

  it('keeps a booked charge when a second message with its reference is refused', async () => {
    const ledger = await Ledger.open(folder);
    ledger.write(charge('A'));
    ledger.write(charge('A', { result: 'REJECT', code: '51', booked_at: undefined }));
    expect(ledger.of('icbc.quickpay').charge('A')).toMatchObject({ state: 'OK' });
    ledger.close();
  });

  it('starts an empty book and keeps the old one beside it', async () => {
    const ledger = await Ledger.open(folder);
    ledger.write(charge('A'));
    const kept = ledger.startAfresh(7);
    expect(readFileSync(kept ?? '', 'utf8')).toContain('"A"');
    expect(ledger.of('icbc.quickpay').get('A')).toBeUndefined();
    expect(ledger.write(charge('A')).seq).toBe(1);
    ledger.close();
  });
});
