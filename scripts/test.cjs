// `npm test`: installs, builds, and runs jest, whose set-up brings its own PostgreSQL and Redis.
// @ts-check
'use strict';
const { onOwnNode } = require('./lib/own-node.cjs');

void onOwnNode(__filename, () => require('./lib/test-command.cjs').test(process.argv.slice(2)));
