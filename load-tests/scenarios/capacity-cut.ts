// How soon does the flow settle when a bank loses 60 % of its capacity, and when it has it back?
// Offered twice its capacity throughout.
export { default, handleSummary, options } from '../lib/crowd.ts';
