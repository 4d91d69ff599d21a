// `npm run check`: everything that reads the code without running it.
// @ts-check
'use strict';
const { onOwnNode } = require('./lib/own-node.cjs');

void onOwnNode(__filename, () => require('./lib/check-command.cjs').check());
