// Does midnight pass? Tenfold within seconds, a plateau above what several banks can do, and the ebb of the first hour.
// Cards by their shares; payers wait on the event stream or poll, follow suggestions, come back when they are told to, give up.
export { default, handleSummary, options } from '../lib/crowd.ts';
