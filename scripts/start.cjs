// @ts-check
'use strict';
const { onOwnNode } = require('./lib/own-node.cjs');

void onOwnNode(__filename, () => require('./lib/start-command.cjs').start(process.argv.slice(2)));
