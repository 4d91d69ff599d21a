/**
 * The same day as ISO 20022 camt.053.001.08 (BankToCustomerStatement), the form in which banks outside China and
 * treasury systems expect it. Our reference is the end-to-end id of each entry's details.
 */
import { CURRENCY_DIGITS } from '#domain';
import type { Statement, StatementLine } from './bookings-of-day';

export function camt053({ channel, day, currency, closed, lines, sumMinor }: Statement): string {
  const id = `${channel}-${day}`;
  const credits = lines.filter((line) => line.signedMinor > 0);
  const debits = lines.filter((line) => line.signedMinor < 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt>
<GrpHdr><MsgId>${id}</MsgId><CreDtTm>${day}T23:59:59+08:00</CreDtTm></GrpHdr>
<Stmt><Id>${id}</Id><CreDtTm>${day}T23:59:59+08:00</CreDtTm>
<FrToDt><FrDtTm>${day}T00:00:00+08:00</FrDtTm><ToDtTm>${day}T23:59:59.999+08:00</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>${channel}</Id></Othr></Id><Ccy>${currency}</Ccy></Acct>
${balance('OPBD', 0, currency, day)}
${balance('CLBD', sumMinor, currency, day)}
<TxsSummry><TtlNtries><NbOfNtries>${lines.length}</NbOfNtries><Sum>${decimal(absoluteSum(lines), currency)}</Sum></TtlNtries>${totals('TtlCdtNtries', credits, currency)}${totals('TtlDbtNtries', debits, currency)}</TxsSummry>
${lines.map(entry).join('\n')}
<AddtlStmtInf>${closed ? 'closed' : 'open'}</AddtlStmtInf>
</Stmt>
</BkToCstmrStmt>
</Document>
`;
}

function entry({ entry: e, signedMinor }: StatementLine): string {
  const original = e.original_reference === undefined ? '' : `<InstrId>${e.original_reference}</InstrId>`;
  const reversal = e.operation === 'reversal' ? '<RvslInd>true</RvslInd>' : '';
  return (
    `<Ntry><Amt Ccy="${e.currency}">${decimal(Math.abs(signedMinor), e.currency)}</Amt>` +
    `<CdtDbtInd>${signedMinor < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>${reversal}<Sts><Cd>BOOK</Cd></Sts>` +
    `<BookgDt><DtTm>${e.booked_at}</DtTm></BookgDt><AcctSvcrRef>${e.bank_transaction_id}</AcctSvcrRef>` +
    `<BkTxCd><Prtry><Cd>${e.operation}</Cd></Prtry></BkTxCd>` +
    `<NtryDtls><TxDtls><Refs>${original}<EndToEndId>${e.reference}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>`
  );
}

function balance(code: string, minor: number, currency: string, day: string): string {
  return (
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${decimal(Math.abs(minor), currency)}</Amt>` +
    `<CdtDbtInd>${minor < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`
  );
}

function totals(tag: string, lines: readonly StatementLine[], currency: string): string {
  return `<${tag}><NbOfNtries>${lines.length}</NbOfNtries><Sum>${decimal(absoluteSum(lines), currency)}</Sum></${tag}>`;
}

const absoluteSum = (lines: readonly StatementLine[]): number =>
  lines.reduce((sum, line) => sum + Math.abs(line.signedMinor), 0);

/** Minor units as the decimal that XML wants, without floating point. */
function decimal(minor: number, currency: string): string {
  const digits = CURRENCY_DIGITS[currency] ?? 2;
  if (digits === 0) return String(minor);
  const text = String(minor).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
