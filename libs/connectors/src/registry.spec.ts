import type { BankReference, ChannelId } from '#domain';
import type { Route } from '#dispatch';
import { createConnectors } from './registry';

describe('the connectors', () => {
  const connectors = createConnectors({ rest: { keys: { keyId: 'k1', secrets: { k1: 'secret' } } } });
  afterAll(() => connectors.close());

  it('gives a channel the connector of its protocol', () => {
    expect(connectors.forChannel({ id: 'icbc.quickpay' as ChannelId, connector: 'rest' }).protocol).toBe('rest');
  });

  it('names the channel and the known protocols when nobody speaks it', () => {
    expect(() => connectors.forChannel({ id: 'icbc.quickpay' as ChannelId, connector: 'soap' })).toThrow(
      /icbc\.quickpay asks for the connector "soap".*known: rest/,
    );
  });

  it('sends no money over a channel that is commanded open, but still asks and undoes', async () => {
    const channelId = 'icbc.quickpay' as ChannelId;
    const connector = connectors.forChannel({ id: channelId, connector: 'rest' });
    // An address that cannot be connected to: whatever gets past the guard fails there, without a socket.
    const route: Route = { channelId, line: { id: 'main', channelId, baseUrl: 'nowhere' } };
    const limits = { timeoutMs: 1_000, maySend: () => true };
    const reference = 'K7Q2M4ZP6XW3R5T8V9YA' as BankReference;
    const amount = { value: 1, currency: 'CNY' };
    const money = () => [
      connector.pay(
        route,
        {
          reference,
          amount,
          bankToken: 'tok',
          sendBy: 0,
          description: null,
          returnUrl: null,
          actionExpiresAt: null,
          notifyUrl: null,
        },
        limits,
      ),
      connector.refund(route, { reference, originalReference: reference, amount, sendBy: 0 }, limits),
    ];
    connectors.commandBreaker(channelId, 'open');
    for (const exchange of await Promise.all(money())) {
      expect(exchange).toMatchObject({ kind: 'not_sent', reason: 'guard_refused' });
      expect(connector.classify('pay', exchange)).toEqual({ class: 'not_sent', reason: 'guard_refused' });
    }
    for (const exchange of await Promise.all([
      connector.inquire(route, { reference }, limits),
      connector.reverse(route, { reference, originalReference: reference }, limits),
      connector.echo(route, limits),
    ])) {
      expect(exchange).toMatchObject({ kind: 'not_sent', reason: 'connect_failed' });
    }
    connectors.commandBreaker(channelId, 'closed');
    for (const exchange of await Promise.all(money())) expect(exchange).toMatchObject({ reason: 'connect_failed' });
  });
});
