import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BANK_PRESETS, BEHAVIOURS } from '#simulation';
import { behaviourOf, FATES } from './fates';
import { RENDERED_TABLES, withRenderedTables } from './render-tables';
import { CODES, WORDS } from './words';

const page = readFileSync(join(__dirname, '../../../../docs/bank-protocol.md'), 'utf8');

describe('the tables of the bank protocol', () => {
  it('stand in the page exactly as in the code', () => {
    for (const table of Object.values(RENDERED_TABLES)) expect(page).toContain(`begin -->\n${table}\n<!--`);
    expect(withRenderedTables(page)).toBe(page);
  });

  it('name no word, code or behaviour twice', () => {
    for (const names of [WORDS.map((w) => w.word), CODES.map((c) => c.code), BEHAVIOURS.map((b) => b.name)]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('give every behaviour a fate, and every refusal a code that goes with REJECT', () => {
    expect(Object.keys(FATES).sort()).toEqual(BEHAVIOURS.map((b) => b.name).sort());
    const rejections = CODES.filter((c) => c.words.includes('REJECT')).map((c) => c.code);
    for (const fate of Object.values(FATES)) if (fate.reject !== undefined) expect(rejections).toContain(fate.reject);
  });

  it('give every channel an instrument for every behaviour, with or without a payer', () => {
    for (const { channel } of BANK_PRESETS) {
      for (const { name } of BEHAVIOURS) {
        const token = `tok_${channel.replace('.', '_')}_${name}`;
        expect(behaviourOf(token, channel)).toBe(name);
        expect(behaviourOf(`${token}-000042`, channel)).toBe(name);
      }
    }
  });

  it.each([
    'tok_cmb_quickpay_ok',
    'tok_icbc_gateway_ok',
    'tok_icbc_quickpay_toString',
    'ok',
    '',
    'tok_icbc_quickpay_ok-',
    'tok_icbc_quickpay_ok x',
  ])('know no fate for "%s" at icbc.quickpay', (instrument) =>
    expect(behaviourOf(instrument, 'icbc.quickpay')).toBeNull(),
  );
});
