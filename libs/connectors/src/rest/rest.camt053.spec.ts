import fc from 'fast-check';
import { parseRestCamt053 } from './rest.camt053';
import { parseRestStatement } from './rest.statement';

const CSV = [
  'H,1,icbc.quickpay,2026-11-11,CNY,open',
  'D,1,charge,K7Q2M4ZP6XW3R5T8V9YA,,12800,CNY,ICBC2026111100000001,2026-11-11T00:00:00.120Z',
  'D,2,refund,R3T5V7X9Z2B4D6F8H2JA,K7Q2M4ZP6XW3R5T8V9YA,-2800,CNY,ICBC2026111100000002,2026-11-11T00:05:00.000Z',
  'T,2,10000',
  '',
].join('\n');
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>m</MsgId><CreDtTm>2026-11-11T23:59:59+08:00</CreDtTm></GrpHdr>
<Stmt><Id>s</Id><FrToDt><FrDtTm>2026-11-11T00:00:00+08:00</FrDtTm><ToDtTm>2026-11-11T23:59:59.999+08:00</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>icbc.quickpay</Id></Othr></Id><Ccy>CNY</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp></Bal>
<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>156.00</Sum></TtlNtries><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>128.00</Sum></TtlCdtNtries><TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>28.00</Sum></TtlDbtNtries></TxsSummry>
<Ntry><Amt Ccy="CNY">128.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-11-11T00:00:00.120Z</DtTm></BookgDt><AcctSvcrRef>ICBC2026111100000001</AcctSvcrRef><BkTxCd><Prtry><Cd>charge</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>K7Q2M4ZP6XW3R5T8V9YA</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">28.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-11-11T00:05:00.000Z</DtTm></BookgDt><AcctSvcrRef>ICBC2026111100000002</AcctSvcrRef><BkTxCd><Prtry><Cd>refund</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><InstrId>K7Q2M4ZP6XW3R5T8V9YA</InstrId><EndToEndId>R3T5V7X9Z2B4D6F8H2JA</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
<AddtlStmtInf>open</AddtlStmtInf></Stmt></BkToCstmrStmt></Document>
`;
const parse = (text: string) => parseRestCamt053(text, 'icbc.quickpay', '2026-11-11');

describe('a bank’s statement as camt.053', () => {
  it('says what the CSV of the same day says', () => {
    expect(parse(XML)).toEqual(parseRestStatement(CSV, 'icbc.quickpay', '2026-11-11'));
    expect(parse(XML)).toMatchObject({ kind: 'complete', closed: false });
  });

  it('reads amounts by the digits of their currency, without floating point', () => {
    const one = (text: string) => {
      const read = parse(text.replaceAll('128.00', '1.1').replace('156.00', '29.1'));
      return read.kind === 'complete' ? read.lines[0]?.amount : read;
    };
    expect(one(XML)).toEqual({ value: 110, currency: 'CNY' });
  });

  it.each([
    ['cut off', XML.slice(0, XML.indexOf('<AddtlStmtInf'))],
    ['with an entry missing', XML.replace(/<Ntry>.*<\/Ntry>/, '')],
    ['with totals that count wrong', XML.replace('<NbOfNtries>2<', '<NbOfNtries>3<')],
    ['with totals that sum wrong', XML.replace('156.00', '157.00')],
    ['whose sides do not add up', XML.replace('<Sum>28.00', '<Sum>27.00')],
    ['with a changed amount', XML.replace('>128.00</Amt>', '>129.00</Amt>')],
    ['with an amount finer than the currency', XML.replace('>128.00</Amt>', '>128.001</Amt>')],
    ['with a charge on the wrong side', XML.replace('CRDT', 'DBIT')],
    ['with an entry that is only announced', XML.replace('BOOK', 'PDNG')],
    ['of another day', XML.replace('<FrDtTm>2026-11-11', '<FrDtTm>2026-11-12')],
    ['of another channel', XML.replace('<Id>icbc.quickpay', '<Id>cmb.quickpay')],
    ['with an unknown operation', XML.replace('<Cd>charge', '<Cd>chargeback')],
    ['with an element twice', XML.replace('<Sts>', '<AcctSvcrRef>X</AcctSvcrRef><Sts>')],
    ['with a document type', XML.replace('<Document', '<!DOCTYPE Document [<!ENTITY a "128.00">]><Document')],
    ['of another message', XML.replace('camt.053', 'camt.054')],
    ['nested without end', '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'.repeat(50_000)],
    ['that is empty', ''],
  ])('is not usable when it is a file %s', (_what, text) => {
    expect(parse(text)).toMatchObject({ kind: 'unusable' });
  });

  it('never reads an amount that the file does not have, however a character of it was changed', () => {
    fc.assert(
      fc.property(fc.nat(XML.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (position, other) => {
        const parsed = parse(XML.slice(0, position) + other + XML.slice(position + 1));
        return parsed.kind === 'unusable' || parsed.lines.map((line) => line.amount.value).join() === '12800,2800';
      }),
    );
  });
});
