// Do payers arrive when CMB, CCB, BOC, CIB and PSBC congest one after the other, as on Double 11 of 2012, and ICBC holds?
// They have several cards and follow a suggestion with some probability, after human seconds.
export { default, handleSummary, options } from '../lib/crowd.ts';
