import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawStates } from './draw-states';
import { STATE_TABLES, checkStateTables, faultsOf } from './state-tables';

describe('the tables of legal moves', () => {
  it('are whole: every state can be reached, and from every state an end', () => {
    expect(STATE_TABLES.flatMap(faultsOf)).toEqual([]);
  });

  it.each([
    ['a move to a state that is none', { a: ['b'] }, 'a leads to b'],
    ['a state that nothing leads to', { a: [], b: [] }, 'nothing leads to b'],
    ['a circle without an end', { a: ['b'], b: ['a'] }, 'a leads to no end'],
  ])('are refused at start-up with %s', (_, moves, fault) => {
    const table = { of: 'thing', relation: 'things', initial: 'a', moves };
    expect(() => checkStateTables([table])).toThrow(fault);
  });

  it('are drawn in docs/states.md as they are', () => {
    const page = readFileSync(join(__dirname, '../../../docs/states.md'), 'utf8');
    if (page !== drawStates()) throw new Error('docs/states.md is stale: run `npm run states`');
  });
});
