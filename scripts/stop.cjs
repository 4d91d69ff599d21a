// `npm stop`. Needs nothing but Node: to end what runs, nothing is installed.
// @ts-check
'use strict';
const { explain } = require('./lib/report.cjs');
const { stop } = require('./lib/stop-command.cjs');

stop(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    explain(error);
    process.exitCode = 1;
  },
);
