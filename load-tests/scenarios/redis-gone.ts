// What does a site without Redis still do, at twice what the bank can?
// It is offered twice its capacity before, during and after.
export { default, handleSummary, options } from '../lib/crowd.ts';
