// Is an ordinary day unremarkable? The curve of a day in a few minutes: nobody refused, nobody waiting, all final.
export { default, handleSummary, options } from '../lib/crowd.ts';
