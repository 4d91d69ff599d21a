/**
 * Reads a day's statement as ISO 20022 camt.053 (docs/bank-protocol.md section 4): the same entries as the CSV.
 *
 * All or nothing, as with the CSV: what is not well-formed, an entry that does not read, or totals that disagree make the whole file
 * unusable. The parser knows no document types, so no entity is ever expanded.
 */
import { SaxesParser } from 'saxes';
import { CURRENCY_DIGITS, isCurrency } from '#domain';
import type { Statement, StatementLine } from '#dispatch';

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}$/;
/** Deeper than any element of this message: a file of nothing but openings must not fill the memory. */
const DEPTH_MAX = 32;

/** Paths below `BkToCstmrStmt/Stmt`, and below an entry. */
const STATEMENT = '/Document/BkToCstmrStmt/Stmt';
const ENTRY = `${STATEMENT}/Ntry`;
const REFERENCES = 'NtryDtls/TxDtls/Refs';

type Fields = Map<string, string>;

/** @param date the bank day asked for; a file about another day or channel is unusable */
export function parseRestCamt053(text: string, channelId: string, date: string): Statement {
  const read = readXml(text);
  if (typeof read === 'string') return unusable(read);
  const { statement, entries } = read;
  const account = statement.get('Acct/Id/Othr/Id');
  const day = statement.get('FrToDt/FrDtTm')?.slice(0, 10);
  if (account !== channelId || day !== date) return unusable(`it is about ${account} on ${day}`);
  const closed = statement.get('AddtlStmtInf');
  if (closed !== 'open' && closed !== 'closed') return unusable('it does not say whether the day is closed');
  const currency = statement.get('Acct/Ccy');
  if (!isCurrency(currency)) return unusable('the currency of the account is not in ISO 4217');
  const lines: StatementLine[] = [];
  const totals = { CRDT: { count: 0, sum: 0n }, DBIT: { count: 0, sum: 0n } };
  for (const [index, entry] of entries.entries()) {
    const line = readEntry(entry);
    if (typeof line === 'string') return unusable(`entry ${index + 1}: ${line}`);
    lines.push(line);
    const total = totals[SIDE[line.operation]];
    total.count += 1;
    total.sum += BigInt(line.amount.value);
  }
  const { CRDT, DBIT } = totals;
  const all = { count: CRDT.count + DBIT.count, sum: CRDT.sum + DBIT.sum };
  for (const [name, { count, sum }] of [
    ['TtlNtries', all],
    ['TtlCdtNtries', CRDT],
    ['TtlDbtNtries', DBIT],
  ] as const) {
    const counted = statement.get(`TxsSummry/${name}/NbOfNtries`);
    const summed = minorUnits(statement.get(`TxsSummry/${name}/Sum`), currency);
    if (counted !== String(count)) return unusable(`${name} counts ${counted}, the file has ${count}`);
    if (summed !== sum) return unusable(`${name} sums to ${summed}, the entries to ${sum} minor units`);
  }
  return { kind: 'complete', date, closed: closed === 'closed', lines };
}

/** On which side of the account each of our operations stands. */
const SIDE = { charge: 'CRDT', refund: 'DBIT', reversal: 'DBIT' } as const;

function readEntry(entry: Fields): StatementLine | string {
  const operation = entry.get('BkTxCd/Prtry/Cd');
  if (operation !== 'charge' && operation !== 'refund' && operation !== 'reversal') return 'unknown operation';
  if (entry.get('CdtDbtInd') !== SIDE[operation]) return 'the side does not fit the operation';
  if (entry.get('Sts/Cd') !== 'BOOK') return 'it is not booked';
  const reference = entry.get(`${REFERENCES}/EndToEndId`);
  const bankTransactionId = entry.get('AcctSvcrRef');
  if (!reference || !bankTransactionId) return 'no reference or no transaction id';
  const currency = entry.get('Amt@Ccy');
  if (!isCurrency(currency)) return 'the currency is not in ISO 4217';
  const minor = minorUnits(entry.get('Amt'), currency);
  // 15 digits, as in the CSV: exact in a JavaScript number.
  if (minor === null || minor < 1n || minor > 999_999_999_999_999n) return 'the amount does not read';
  const bookedAt = Date.parse(entry.get('BookgDt/DtTm') ?? '');
  if (Number.isNaN(bookedAt)) return 'the booking time does not read';
  return {
    operation,
    reference,
    originalReference: entry.get(`${REFERENCES}/InstrId`) ?? null,
    amount: { value: Number(minor), currency },
    bankTransactionId,
    bookedAt,
  };
}

/** `128.00` CNY is 12800n; null for what is no amount of this currency. No floating point on the way. */
function minorUnits(decimal: string | undefined, currency: string): bigint | null {
  const [, whole, fraction = ''] = /^([0-9]{1,18})(?:\.([0-9]{1,5}))?$/.exec(decimal ?? '') ?? [];
  const digits = CURRENCY_DIGITS[currency];
  if (whole === undefined || digits === undefined || fraction.length > digits) return null;
  return BigInt(whole + fraction.padEnd(digits, '0'));
}

/** The texts of the statement and of each entry, by path; a sentence where it is no such message. An element given twice is refused. */
function readXml(text: string): { statement: Fields; entries: Fields[] } | string {
  const statement: Fields = new Map();
  const entries: Fields[] = [];
  const path: string[] = [];
  let fault: string | null = null;
  let statements = 0;
  let content = '';
  const put = (at: string, value: string): void => {
    const inEntry = at === ENTRY || at.startsWith(`${ENTRY}/`);
    const fields = inEntry ? entries.at(-1) : statement;
    const name = at.slice((inEntry ? ENTRY : STATEMENT).length + 1);
    // Balances repeat by nature and are not used.
    if (name.startsWith('Bal/')) return;
    if (fields?.has(name)) fault ??= `${at} stands there twice`;
    fields?.set(name, value);
  };
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('doctype', () => (fault ??= 'it has a document type'));
  parser.on('opentag', ({ name, attributes }) => {
    const namespace = attributes['xmlns'];
    if (path.length === 0 && !(namespace !== undefined && NAMESPACE.test(namespace))) fault ??= 'it is not a camt.053';
    path.push(name);
    const at = `/${path.join('/')}`;
    if (path.length > DEPTH_MAX) throw new RangeError('nested too deeply');
    if (at === STATEMENT && (statements += 1) > 1) fault ??= 'it holds more than one statement';
    if (at === ENTRY) entries.push(new Map());
    if (at === `${ENTRY}/Amt`) put(`${at}@Ccy`, attributes['Ccy'] ?? '');
    content = '';
  });
  parser.on('text', (more) => (content += more));
  parser.on('closetag', () => {
    const at = `/${path.join('/')}`;
    if (content.trim() !== '' && at.startsWith(STATEMENT)) put(at, content.trim());
    content = '';
    path.pop();
  });
  try {
    parser.write(text).close();
  } catch (error) {
    return `it is not well-formed XML (${error instanceof Error ? error.message : String(error)})`;
  }
  return fault ?? (statements === 1 ? { statement, entries } : 'it holds no statement');
}

function unusable(reason: string): Statement {
  return { kind: 'unusable', reason: `The statement is not usable: ${reason}` };
}
