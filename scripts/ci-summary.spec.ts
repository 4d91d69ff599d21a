// The last line of a CI run must not be better than the run.
import { summary } from './ci-summary.cjs';

const allChecks = [{ passed: true }, { passed: true }];
const allTests = { numPassedTests: 40, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
const run = (word: string) => ({ word, schedule: 'ci', part: 0, reasons: [] });
const allRuns = { detail: { runs: [run('passed'), run('passed')] } };
const fine = { check: 0, test: 0, chaos: 0 };

describe('the count at the end of a CI run', () => {
  it('adds checks, tests and fault runs', () => {
    expect(summary(allChecks, allTests, allRuns, fine)).toEqual({ passed: 44, failed: 0, notes: [] });
  });

  it('counts a failed check, a failed test and a spec that did not load', () => {
    const tests = { numPassedTests: 40, numFailedTests: 2, numRuntimeErrorTestSuites: 1 };
    expect(
      summary([{ passed: true }, { passed: false }], tests, allRuns, { ...fine, check: 1, test: 1 }),
    ).toMatchObject({
      passed: 43,
      failed: 4,
    });
  });

  it('counts a jest that left no record as a failure, and none of its tests as passed', () => {
    expect(summary(allChecks, undefined, allRuns, { ...fine, test: 1 })).toMatchObject({ passed: 4, failed: 1 });
    expect(summary(allChecks, undefined, allRuns, fine)).toMatchObject({ passed: 4, failed: 1 });
  });

  it('counts a jest that found no test as a failure', () => {
    expect(summary(allChecks, { ...allTests, numPassedTests: 0 }, allRuns, fine)).toMatchObject({ failed: 1 });
  });

  it('counts a bad end beside a good record as a failure', () => {
    expect(summary(allChecks, allTests, allRuns, { ...fine, test: 1 })).toMatchObject({ passed: 44, failed: 1 });
    expect(summary(allChecks, allTests, allRuns, { ...fine, check: 1 })).toMatchObject({ passed: 44, failed: 1 });
    expect(summary(allChecks, allTests, allRuns, { ...fine, chaos: 1 })).toMatchObject({ passed: 44, failed: 1 });
    expect(summary(undefined, allTests, allRuns, fine)).toMatchObject({ passed: 42, failed: 1 });
  });

  it('counts a fault run that failed or proved nothing, and fault runs that were never made', () => {
    const runs = { detail: { runs: [run('passed'), run('failed'), run('void')] } };
    expect(summary(allChecks, allTests, runs, { ...fine, chaos: 1 })).toMatchObject({ passed: 43, failed: 2 });
    expect(summary(allChecks, allTests, undefined, { ...fine, chaos: 1 })).toMatchObject({ passed: 42, failed: 1 });
    expect(summary(allChecks, allTests, { detail: { runs: [] } }, fine)).toMatchObject({ failed: 1 });
  });
});
