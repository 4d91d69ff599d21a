import type { WebhookEndpointId } from '#domain';
import { EndpointPermits, SLOW_MS } from './endpoint-permits';

const id = (name: string | number) => `whe_${name}` as WebhookEndpointId;
const quick = { ok: true, elapsedMs: 20 };
const hung = { ok: false, elapsedMs: 15_000 };
const begin = (permits: EndpointPermits, endpoint: WebhookEndpointId, times: number) => {
  for (let n = 0; n < times; n += 1) permits.begin(endpoint);
};

describe('permits of webhooks', () => {
  it('grow with quick successes up to eight, and fall back to one with a failure', () => {
    const permits = new EndpointPermits();
    const rooms: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      permits.begin(id('a'));
      permits.end(id('a'), quick);
      rooms.push(permits.rooms().rooms.get(id('a'))!);
    }
    expect(rooms).toEqual([2, 4, 8, 8, 8]);
    permits.begin(id('a'));
    permits.end(id('a'), { ok: false, elapsedMs: 5 });
    expect(permits.rooms().rooms.get(id('a'))).toBe(1);
  });

  it('of a new endpoint are one', () => {
    expect(new EndpointPermits().rooms()).toMatchObject({ roomElse: 1, max: 64 });
  });

  it('of slow endpoints are sixteen, however many there are, and they take turns', () => {
    const permits = new EndpointPermits();
    for (let n = 0; n < 100; n += 1) {
      permits.begin(id(n));
      permits.end(id(n), hung);
    }
    const { rooms } = permits.rooms();
    const chosen = [...rooms].filter(([, room]) => room > 0).map(([endpoint]) => endpoint);
    expect(chosen).toEqual(Array.from({ length: 16 }, (_, n) => id(n)));
    for (const endpoint of chosen) permits.begin(endpoint);
    expect([...permits.rooms().rooms.values()].every((room) => room === 0)).toBe(true);
    expect(permits.rooms()).toMatchObject({ max: 48, roomElse: 1 });
    for (const endpoint of chosen) permits.end(endpoint, hung);
    const next = [...permits.rooms().rooms].filter(([, room]) => room > 0).map(([endpoint]) => endpoint);
    expect(next).toEqual(Array.from({ length: 16 }, (_, n) => id(n + 16)));
  });

  it('are never more than sixty-four together', () => {
    const permits = new EndpointPermits();
    for (let n = 0; n < 8; n += 1) begin(permits, id(n), 8);
    expect(permits.rooms().max).toBe(0);
  });

  it('say when one that comes back may have been waited for: else nobody would look before the next round', () => {
    const permits = new EndpointPermits();
    begin(permits, id('a'), 1);
    expect(permits.end(id('a'), quick)).toBe(true); // the only one it had
    begin(permits, id('a'), 1);
    expect(permits.end(id('a'), quick)).toBe(false); // one of two
    begin(permits, id('a'), 1);
    permits.end(id('a'), hung);
    begin(permits, id('a'), 1);
    expect(permits.end(id('a'), quick)).toBe(true); // one of the few for the slow
    for (let n = 0; n < 64; n += 1) begin(permits, id(n), 1);
    expect(permits.end(id(3), null)).toBe(true); // one of all
  });

  it('learn nothing from what was not sent', () => {
    const permits = new EndpointPermits();
    permits.begin(id('a'));
    permits.end(id('a'), quick);
    permits.begin(id('a'));
    permits.end(id('a'), null);
    expect(permits.rooms().rooms.get(id('a'))).toBe(2);
  });

  it('count as slow what answers late, even with a yes', () => {
    const permits = new EndpointPermits();
    permits.begin(id('a'));
    permits.end(id('a'), { ok: true, elapsedMs: SLOW_MS });
    expect(permits.rooms().rooms.get(id('a'))).toBe(1);
  });
});
