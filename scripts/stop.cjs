// @ts-check
'use strict';
const { onOwnNode } = require('./lib/own-node.cjs');

void onOwnNode(__filename, () => require('./lib/stop-command.cjs').stop(process.argv.slice(2)));
