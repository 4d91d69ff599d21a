// The last line of a CI run must not be better than the run.
import { summary } from './ci-summary.cjs';

const allChecks = [{ passed: true }, { passed: true }];
const allTests = { numPassedTests: 40, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
const fine = { check: 0, test: 0 };

describe('the count at the end of a CI run', () => {
  it('adds checks and tests', () => {
    expect(summary(allChecks, allTests, fine)).toEqual({ passed: 42, failed: 0, notes: [] });
  });

  it('counts a failed check, a failed test and a spec that did not load', () => {
    const tests = { numPassedTests: 40, numFailedTests: 2, numRuntimeErrorTestSuites: 1 };
    expect(summary([{ passed: true }, { passed: false }], tests, { check: 1, test: 1 })).toMatchObject({
      passed: 41,
      failed: 4,
    });
  });

  it('counts a jest that left no record as a failure, and none of its tests as passed', () => {
    expect(summary(allChecks, undefined, { check: 0, test: 1 })).toMatchObject({ passed: 2, failed: 1 });
    expect(summary(allChecks, undefined, fine)).toMatchObject({ passed: 2, failed: 1 });
  });

  it('counts a jest that found no test as a failure', () => {
    expect(summary(allChecks, { ...allTests, numPassedTests: 0 }, fine)).toMatchObject({ failed: 1 });
  });

  it('counts a bad end beside a good record as a failure', () => {
    expect(summary(allChecks, allTests, { check: 0, test: 1 })).toMatchObject({ passed: 42, failed: 1 });
    expect(summary(allChecks, allTests, { check: 1, test: 0 })).toMatchObject({ passed: 42, failed: 1 });
    expect(summary(undefined, allTests, fine)).toMatchObject({ passed: 40, failed: 1 });
  });
});
