// Redis is emptied under load, and later comes back empty from a crash: is anything lost that was only there?
// Queues, leases and limits live in Redis; the journal has the truth.
export { default, handleSummary, options } from '../lib/crowd.ts';
