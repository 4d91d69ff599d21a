import type { AuditReport } from '#audit';
import { completeOutcome } from '../../outcome';
import type { Glimpse } from '../channel-watch';
import type { PayerOutcome } from '../client-outcomes';
import { renderPage } from './page';
import { type Gathered, reportOf } from './report-data';
import { words } from './words';

const BEGUN_MS = 1_000_000;
const payer = (n: number): PayerOutcome => ({
  ...{ phase: '2x', channel: 'icbc.quickpay', channels: ['icbc.quickpay'], postedMs: BEGUN_MS + n * 100 },
  ...{
    refusedInMs: null,
    refusedWith: null,
    acceptedMs: BEGUN_MS + n * 100 + 5,
    eta: null,
    offered: false,
    moved: false,
  },
  ...{
    paidOn: 'icbc.quickpay',
    posts: 1,
    payments: new Set<string>(),
    state: 'succeeded',
    endMs: BEGUN_MS + n * 100 + 400,
  },
});
const refused = (n: number): PayerOutcome => ({
  ...payer(n),
  ...{ acceptedMs: null, refusedWith: 'channel_saturated', refusedInMs: 4, state: null, endMs: null, paidOn: null },
});
const glimpse = (n: number, breaker = 'closed'): Glimpse => ({
  ...{ atMs: BEGUN_MS + n * 200, capacityPerSecond: 10, slots: 4, inService: 4, waiting: 0 },
  ...{ offered: n * 2, served: n * 2, busy: 0, collapsed: false, inFlight: 4, limit: 5, level: 'busy' },
  router: {
    ...{
      ceiling: 200,
      adaptive: 5,
      ratePerSecond: 800,
      contract: { ratePerSecond: 800, inFlightMax: 200 },
      revision: 7,
    },
    ...{ backlog: 3, heldByUnknown: 0, roundTripMs: 400, breaker, hold: null },
    ...{ why: null, breakerWhy: words('银行不应答', 'the bank does not answer') },
  },
});
const audit: AuditReport = {
  ok: true,
  verdicts: [{ id: 'I2', sentence: 'No payment is charged twice', compared: 60, breaches: 0, notChecked: null }],
  ...{ examples: [], byRule: {}, payments: 60, byState: {}, ledgerLines: 60, clientRequests: 120, deliveries: null },
  byStanding: { final: 60, waits_for_payer: 0, waits_for_person: 0, bank_down: 0, late: 0 },
  auditHead: null,
};
const { machine } = completeOutcome({
  ...{ command: '', seed: 1, startedAt: new Date(0), ok: true, figures: [], violations: [], detail: {} },
});
const gathered = (change: Partial<Gathered> = {}): Gathered => ({
  ...{ scenario: 'overload', question: 'Does goodput hold?', profile: { name: 'ci', what: 'small' }, stage: null },
  verdict: {
    ...{ word: 'passed', reasons: [], said: [] },
    figures: [
      { name: 'goodput_2x', value: 0.95, unit: 'ratio', goal: '>= 0.9', met: true },
      { name: 'of_tomorrow', value: 3, unit: 's', goal: null, met: null },
    ],
  },
  generated: { exitCode: 0, complaints: '', metrics: {} },
  outcomes: Array.from({ length: 60 }, (_, n) => (n % 3 === 2 ? refused(n) : payer(n))),
  target: [10, 10, 10, 10, 10, 10],
  view: { banks: [], seconds: Array.from({ length: 7 }, (_, n) => ({ posted: n < 6 ? 10 : 0, final: 6 })) },
  accompanied: {
    watched: new Map([['icbc.quickpay', Array.from({ length: 30 }, (_, n) => glimpse(n, n > 20 ? 'open' : 'closed'))]]),
    loops: [],
    resources: [0, 1, 2, 3].map((n) => ({ atMs: BEGUN_MS + n * 1_000, name: 'worker', cpuS: n * 0.5, memoryMb: 90 })),
  },
  faults: [
    { name: 'redis-gone', atS: 2, happened: true, seen: 'silent', fromMs: BEGUN_MS + 2_000, untilMs: BEGUN_MS + 4_000 },
  ],
  audit,
  baseline: null,
  origin: {
    ...{ commit: 'abcdef0123456789', dirty: true, seed: 1, started_at: '2026-11-11T00:00:00.000Z', seconds: 70 },
    ...{
      machine: { ...machine, os: 'Linux' },
      k6: 'v2.2.0',
      client_log: '.data/x',
      command: 'npm run rehearse -- overload',
    },
  },
  ...change,
});
const pageOf = (change: Partial<Gathered> = {}): string => renderPage(reportOf(gathered(change)));

describe('the report of a rehearsal', () => {
  it('says the verdict and what came of the payers in both languages, and how to repeat the run', () => {
    const page = pageOf();
    expect(page).toContain('<h1><span lang="zh-CN">通过</span><span lang="en">Passed</span></h1>');
    expect(page).toContain('60 payers came in 7 s, up to 10 a second; 40 paid, 20 were told at once');
    expect(page).toContain('7 秒内来了 60 名付款人');
    expect(page).toContain('npm run rehearse -- overload');
    expect(page).toContain('with changes that are not committed');
  });

  it('says every sentence that is said in one language in the other too', () => {
    const page = pageOf();
    const count = (lang: string): number => page.split(`lang="${lang}"`).length;
    // The stylesheet and the page's own language stand apart.
    const body = page.slice(page.indexOf('<body>'));
    expect(body.split('<span lang="zh-CN">').length).toBe(body.split('<span lang="en">').length);
    expect(body.split('<tspan lang="zh-CN">').length).toBe(body.split('<tspan lang="en">').length);
    expect(count('en')).toBeGreaterThan(100);
  });

  it('loads nothing from anywhere and runs nothing', () => {
    expect(pageOf()).not.toMatch(/<script|<link|src=|url\(|https?:/);
  });

  it("shows a bank's or k6's words as text, never as markup", () => {
    const said = words('k6 以 1 结束：<img src=x onerror=alert(1)>', 'k6 ended with 1: <img src=x onerror=alert(1)>');
    const page = pageOf({ verdict: { word: 'void', reasons: [said.en], said: [said], figures: [] } });
    expect(page).toContain('&#60;img src=x');
    expect(page).not.toContain('<img');
  });

  it('has every section, whatever could be seen', () => {
    const ids = [
      'arrivals',
      'validity',
      'banks',
      'figures',
      'money',
      'bottleneck',
      'capacity',
      'timeline',
      'baseline',
      'origin',
    ];
    const blind = {
      accompanied: { watched: new Map(), loops: [], resources: [] },
      audit: null,
      outcomes: [],
      faults: [],
    };
    for (const page of [pageOf(), pageOf(blind)]) for (const id of ids) expect(page).toContain(`<section id="${id}">`);
    expect(pageOf(blind)).not.toContain('NaN');
    expect(pageOf()).not.toContain('NaN');
  });

  it('tells when the breaker opened and why, and what limits were in force', () => {
    const report = reportOf(gathered());
    expect(report.timeline).toContainEqual({
      ...{ at_s: 4.2, until_s: null, kind: 'breaker', channel: 'icbc.quickpay' },
      said: words('熔断器断开（银行不应答）', 'breaker open (the bank does not answer)'),
    });
    expect(report.origin.config).toEqual({ 'icbc.quickpay': 7 });
    expect(report.banks[0]).toMatchObject({
      offered: 60,
      served: 40,
      refused: 20,
      inside_peak: 4,
      rate_per_second: 800,
    });
    expect(report.processes[0]).toMatchObject({ name: 'worker', cores: [0.5, 0.5, 0.5, 0.5, null, null, null] });
  });

  it('is the same in the JSON: nothing on the page comes from elsewhere', () => {
    const report = reportOf(gathered());
    expect(renderPage(JSON.parse(JSON.stringify(report)) as typeof report)).toBe(renderPage(report));
  });
});
