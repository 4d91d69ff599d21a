// Says that it runs, and does not end when asked to.
// @ts-check
'use strict';
process.on('SIGTERM', () => undefined);
console.log(`running ${process.pid}`);
setInterval(() => undefined, 60_000);
