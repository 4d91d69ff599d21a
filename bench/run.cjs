// `npm run bench`: installs, builds, and measures what a payment costs.
// The measuring programs are TypeScript that Node runs as it stands (types are only stripped), so nothing of bench/ is compiled.
// @ts-check
'use strict';
const { onOwnNode } = require('../scripts/lib/own-node.cjs');

void onOwnNode(__filename, async () => {
  const { bench } = await import('./main.ts');
  return bench(process.argv.slice(2));
});
