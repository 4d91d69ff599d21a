// A bank needs five times as long and makes no errors: does the limit follow, and do payers of other banks wait behind it?
// Nobody has another card, so the queue of one bank is all that could hold up another.
export { default, handleSummary, options } from '../lib/crowd.ts';
