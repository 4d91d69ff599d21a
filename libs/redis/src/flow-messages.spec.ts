import { readReport, readSnapshot } from './flow-messages';
import { snapshotOf } from './spec-kit/snapshot';

describe('what comes over Redis', () => {
  it('is read when it has the shape of a message', () => {
    expect(readSnapshot(JSON.stringify(snapshotOf(3, 4)))).toEqual(snapshotOf(3, 4));
    const worker = { kind: 'worker', report: { workerId: 'w', seq: 1, snapshotSeq: 0, revisions: {}, calls: [] } };
    expect(readReport(JSON.stringify(worker))).toEqual(worker);
    const door = { kind: 'door', report: { doorId: 'd', seq: 1, snapshotSeq: 0, channels: [{ channelId: 'c' }] } };
    expect(readReport(JSON.stringify(door))).toEqual(door);
  });

  it.each([
    '',
    'null',
    '[]',
    '7',
    '{"controllerId":"x"',
    '{"controllerId":"x","term":-1,"seq":0,"channels":[]}',
    '{"controllerId":"x","term":1.5,"seq":0,"channels":[]}',
    '{"controllerId":"x","term":1,"seq":0,"channels":[null]}',
    '{"kind":"worker","report":null}',
    '{"kind":"worker","report":{"workerId":7,"seq":1,"calls":[]}}',
    '{"kind":"door","report":{"doorId":"d","seq":1,"channels":[{}]}}',
    '{"kind":"window","report":{"seq":1}}',
  ])('%s is left out', (text) => {
    expect(readSnapshot(text)).toBeNull();
    expect(readReport(text)).toBeNull();
  });
});
