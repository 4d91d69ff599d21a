import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BANK_PRESETS } from '#simulation';
import { type SettingsError } from '../bank/channel-settings';
import { parseTimeline } from './timeline';

const CHANNELS = BANK_PRESETS.map(({ channel }) => channel);
const FOLDER = join(__dirname, '../../timelines');

describe('timelines', () => {
  it.each(readdirSync(FOLDER))('%s, as shipped, can be played', (file) => {
    const events = parseTimeline(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')), CHANNELS);
    expect(events.length).toBeGreaterThan(0);
  });

  it('are put in order of time and resolve patterns', () => {
    const events = [
      { at_ms: 9, channel: '*', restore: true },
      { at_ms: 3, channel: '*.gateway', congest: 1 },
      { at_ms: 5, channel: 'wallet.balance', patch: { mix: { slow: 1 } } },
    ];
    const parsed = parseTimeline({ events }, CHANNELS);
    expect(parsed.map(({ atMs, channels }) => [atMs, channels.length])).toEqual([
      [3, 8],
      [5, 1],
      [9, 17],
    ]);
  });

  it.each([
    ['no events', {}, '/events'],
    ['a channel that is not there', { events: [{ at_ms: 0, channel: 'hsbc.*', restore: true }] }, '/events/0/channel'],
    ['nothing to do', { events: [{ at_ms: 0, channel: '*' }] }, '/events/0'],
    ['a time beyond a day', { events: [{ at_ms: 86_400_001, channel: '*', restore: true }] }, '/events/0/at_ms'],
    ['more than all slots', { events: [{ at_ms: 0, channel: '*', congest: 2 }] }, '/events/0/congest'],
    ['restoring not', { events: [{ at_ms: 0, channel: '*', restore: false }] }, '/events/0/restore'],
    ['a bad patch', { events: [{ at_ms: 0, channel: '*', patch: { late_ms: 'x' } }] }, '/events/0/patch/late_ms'],
    ['a member nobody knows', { events: [{ at_ms: 0, channel: '*', restore: true, x: 1 }] }, '/events/0/x'],
    ['an event that is none', { events: [null] }, '/events/0/at_ms'],
  ])('with %s are refused whole, saying where', (_name, timeline, pointer) => {
    let problems: readonly { pointer: string }[] = [];
    try {
      parseTimeline(timeline, CHANNELS);
    } catch (error) {
      problems = (error as SettingsError).problems;
    }
    expect(problems.map((problem) => problem.pointer)).toContain(pointer);
  });
});
