// How much does this machine carry, and what gives way first?
// Banks that never congest, and eight steps of load; the knee is the last step with quick acknowledgements and everybody paid on time.
export { default, handleSummary, options } from '../lib/crowd.ts';
