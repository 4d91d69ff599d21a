import { completeOutcome } from '../outcome';
import { renderReport, type ReportInput } from './report';

const profile = {
  what: '',
  payments: 10,
  rate_per_second: 5,
  payers_ready: 1,
  payers_max: 1,
  follow_seconds: 1,
  stages: { scale: 1, rate_max: 5, seconds_max: 1 },
};
const input = (change: Partial<ReportInput> = {}): ReportInput => ({
  scenario: 'smoke',
  profile,
  verdict: {
    word: 'passed',
    reasons: [],
    figures: [{ name: 'accepted', value: 10, unit: 'payments', goal: '>= 10', met: true }],
  },
  view: { banks: [], seconds: [{ posted: 5, final: 4 }] },
  faults: [],
  watched: null,
  audit: null,
  outcome: completeOutcome({
    ...{
      command: 'rehearse smoke',
      seed: 1,
      startedAt: new Date(0),
      ok: true,
      figures: [],
      violations: [],
      detail: {},
    },
  }),
  reproduce: 'npm run rehearse -- smoke --seed 1',
  ...change,
});

describe('the report of a rehearsal', () => {
  it('says the verdict in both languages, and how to repeat the run', () => {
    const page = renderReport(input());
    expect(page).toContain('<h1>Passed <span>通过</span></h1>');
    expect(page).toContain('npm run rehearse -- smoke --seed 1');
  });

  it('loads nothing from anywhere and runs nothing', () => {
    expect(renderReport(input())).not.toMatch(/<script|<link|src=|url\(|https?:/);
  });

  it("shows a bank's or k6's words as text, never as markup", () => {
    const reasons = ['k6 ended with 1: <img src=x onerror=alert(1)>'];
    const page = renderReport(input({ verdict: { word: 'void', reasons, figures: [] } }));
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toContain('<img');
  });

  it('draws what a bank could do and what it did, where somebody watched', () => {
    const at = (atMs: number) => ({
      ...{ atMs, capacityPerSecond: 40, slots: 12, inService: 12, waiting: 1 },
      offered: 0,
      served: atMs / 25,
      busy: 0,
    });
    const seen = [0, 600, 1_200].map((atMs) => ({
      ...at(atMs),
      inFlight: 13,
      limit: 13,
      level: 'busy',
      collapsed: false,
      router: null,
    }));
    expect(renderReport(input())).not.toContain('Banks and limits');
    expect(renderReport(input({ watched: new Map([['icbc.quickpay', seen]]) }))).toContain(
      'aria-label="icbc.quickpay: capacity and answers per second"',
    );
  });
});
