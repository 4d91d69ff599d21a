// The worker is killed twice under load: how soon does the flow go on, and does everything become final?
// SIGKILL, so nothing is handed over; the supervisor starts the next one.
export { default, handleSummary, options } from '../lib/crowd.ts';
