// Does goodput hold while a bank is offered .8, 2, 3 and 10 times what it can do?
// Payers do not come back: a refusal is an answer. Beside it a bank whose contract binds below its capacity.
export { default, handleSummary, options } from '../lib/crowd.ts';
