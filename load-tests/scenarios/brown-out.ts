// A bank that slows down beyond its knee and falls over at three times it: does the flow keep it on this side?
// Offered .8, 2 and 3 times what it can do.
export { default, handleSummary, options } from '../lib/crowd.ts';
