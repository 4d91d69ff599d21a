// The last line of `.ci/run`: how many tests and checks passed and failed, from their own records.
// What left no record, or ended badly beside a good record, is a failure.
//   node scripts/ci-summary.cjs <folder with checks.json and jest.json> <exit code of check> <exit code of test>
// @ts-check
'use strict';
const path = require('node:path');
const { readJson } = require('./lib/json-file.cjs');

/**
 * @param {{ passed: boolean }[] | undefined} checks
 * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number } | undefined} jest
 * @param {{ check: number, test: number }} codes
 * @returns {{ passed: number, failed: number, notes: string[] }}
 */
function summary(checks, jest, codes) {
  const notes = [];
  let passed = 0;
  let failed = 0;
  const passedChecks = (checks ?? []).filter((each) => each.passed).length;
  passed += passedChecks;
  const failedChecks = (checks ?? []).length - passedChecks;
  failed += failedChecks;
  if (failedChecks === 0 && (codes.check !== 0 || passedChecks === 0)) {
    failed += 1;
    notes.push(
      `npm run check ended with exit code ${codes.check} and ${checks ? 'no failed check' : 'left no record'}`,
    );
  }
  const failedTests = jest ? jest.numFailedTests + jest.numRuntimeErrorTestSuites : 0;
  passed += jest?.numPassedTests ?? 0;
  failed += failedTests;
  if (failedTests === 0 && (codes.test !== 0 || !jest || jest.numPassedTests === 0)) {
    failed += 1;
    notes.push(`npm test ended with exit code ${codes.test} and ${jest ? 'no failed test' : 'left no record'}`);
  }
  return { passed, failed, notes };
}

if (require.main === module) {
  const [folder = '', check, test] = process.argv.slice(2);
  const [checks, jest] = ['checks.json', 'jest.json'].map((name) => readJson(path.join(folder, name)));
  const { passed, failed, notes } = summary(checks, jest, { check: Number(check), test: Number(test) });
  for (const note of notes) console.log(note);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

module.exports = { summary };
