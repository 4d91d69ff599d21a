// `npm run build`: what changed, into dist/.
// @ts-check
'use strict';
const { onOwnNode } = require('./lib/own-node.cjs');

void onOwnNode(__filename, async () => {
  const { setupLock } = require('./lib/paths.cjs');
  const { reporter } = require('./lib/report.cjs');
  const { withLock } = require('./lib/lock.cjs');
  const { buildWhatChanged } = require('./lib/build.cjs');
  const report = reporter();
  const built = await withLock(setupLock, report.note, () => buildWhatChanged(report));
  if (!built) report.note('dist/ is up to date');
  return 0;
});
