import { renderCapacityReport } from './capacity-report';
import { sweepCapacity } from './capacity-sweep';
import { bankPreset } from './banks';
import { escapeHtml, lineChart, roundTicks } from './line-chart';

const small = (channel: string) => ({
  channel,
  run: sweepCapacity({ ...bankPreset(channel).capacity, slots: 8, queueLimit: 40, busyFromQueue: 40 }, 5),
});

describe('the capacity report', () => {
  const runs = [small('icbc.quickpay'), small('ccb.quickpay')];
  const html = renderCapacityReport(runs);

  it('is one file that asks nothing of the network and runs nothing', () => {
    expect(html).not.toMatch(/<script|<link|@import|src=|url\(|https?:/);
  });

  it('shows knee, latency and time line of every bank, and both banks together', () => {
    expect(html.match(/Overload and recovery/g)).toHaveLength(2);
    expect(html.match(/<svg viewBox="0 0 (530|1080)/g)).toHaveLength(7);
    expect(html).toContain('中国建设银行');
    expect(html).toContain('All in one');
  });

  it('draws numbers only: no NaN, no Infinity, no undefined, whatever a bank did', () => {
    expect(html).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('is the same page for the same runs', () => {
    expect(renderCapacityReport([small('icbc.quickpay'), small('ccb.quickpay')])).toBe(html);
  });

  it('lets no name out of its quotes', () => {
    const page = renderCapacityReport([{ channel: '"><script>alert(1)</script>', run: runs[0]!.run }]);
    expect(page).not.toContain('<script>');
    expect(escapeHtml(`<&"'>`)).toBe('&#60;&#38;&#34;&#39;&#62;');
  });
});

describe('a line chart', () => {
  it('has round ticks inside its axis', () => {
    expect(roundTicks(0, 3, 6)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
    expect(roundTicks(0, 1250, 4)).toEqual([0, 500, 1000]);
    expect(roundTicks(5, 5, 4)).toEqual([5]);
  });

  it('breaks a line where there is nothing to show', () => {
    const svg = lineChart({
      width: 200,
      height: 100,
      title: 'gap',
      x: { label: 'x', min: 0, max: 4 },
      y: { label: 'y', min: 0, max: 1 },
      series: [
        {
          className: 'p50',
          points: [
            [0, 1],
            [1, 1],
            [2, null],
            [3, 1],
            [4, 1],
          ],
        },
      ],
    });
    expect(svg.match(/class="line p50"/g)).toHaveLength(2);
  });
});
