// Does it stay as it is, hour after hour?
// A steady half of what the banks can do; memory of each process and the slowest hundredth of answers, late against early.
export { default, handleSummary, options } from '../lib/crowd.ts';
