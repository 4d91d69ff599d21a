// The last line of `.ci/run`: how many tests, checks and fault runs passed and failed, from their own records.
// What left no record, or ended badly beside a good record, is a failure; so is a fault run that was void.
//   node scripts/ci-summary.cjs <folder with checks.json, jest.json, chaos.json> <exit codes of check, test and chaos>
// @ts-check
'use strict';
const path = require('node:path');
const { readJson } = require('./lib/json-file.cjs');

/**
 * @param {{ passed: boolean }[] | undefined} checks
 * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number } | undefined} jest
 * @param {{ detail: { runs: { word: string, schedule: string, part: number, reasons: string[] }[] } } | undefined} chaos
 * @param {{ check: number, test: number, chaos: number }} codes
 * @returns {{ passed: number, failed: number, notes: string[] }}
 */
function summary(checks, jest, chaos, codes) {
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
  const runs = chaos?.detail.runs ?? [];
  const badRuns = runs.filter((run) => run.word !== 'passed');
  passed += runs.length - badRuns.length;
  failed += badRuns.length;
  for (const run of badRuns)
    notes.push(`fault run ${run.schedule} ${run.part + 1} ${run.word}: ${run.reasons.join('; ')}`);
  if (badRuns.length === 0 && (codes.chaos !== 0 || runs.length === 0)) {
    failed += 1;
    notes.push(`npm run chaos ended with exit code ${codes.chaos} and ${chaos ? 'no failed run' : 'left no record'}`);
  }
  return { passed, failed, notes };
}

if (require.main === module) {
  const [folder = '', ...codes] = process.argv.slice(2);
  const [check = NaN, test = NaN, chaos = NaN] = codes.map(Number);
  const [checks, jest, runs] = ['checks.json', 'jest.json', 'chaos.json'].map((name) =>
    readJson(path.join(folder, name)),
  );
  const { passed, failed, notes } = summary(checks, jest, runs, { check, test, chaos });
  for (const note of notes) console.log(note);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

module.exports = { summary };
