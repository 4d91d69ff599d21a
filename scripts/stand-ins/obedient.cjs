// Says that it runs, and ends when asked to.
// @ts-check
'use strict';
console.log(`running ${process.pid}`);
setInterval(() => undefined, 60_000);
