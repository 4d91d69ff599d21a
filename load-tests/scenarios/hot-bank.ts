// One of five banks gets 60 % of all payers, three times what it can do: do the other four have theirs served all the same?
// Three in ten have a card of each other bank and may move there.
export { default, handleSummary, options } from '../lib/crowd.ts';
