// A bank takes payments and answers none: how soon is it left alone, what are its payers told, and how soon is it back?
// Three other banks have their own payers, who should notice nothing.
export { default, handleSummary, options } from '../lib/crowd.ts';
