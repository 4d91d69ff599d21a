// Payers press again at once, under the same key, whatever they are told: is anybody paid twice, and does the bank notice?
// Three times what the bank can do, and calm before and after.
export { default, handleSummary, options } from '../lib/crowd.ts';
