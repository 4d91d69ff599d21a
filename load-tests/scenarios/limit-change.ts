// How soon does an operator's change of limits act, while the bank is overloaded?
// The change is made with If-Match, and the answer says which workers act on it.
export { default, handleSummary, options } from '../lib/crowd.ts';
