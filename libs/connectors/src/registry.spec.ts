import type { ChannelId } from '#domain';
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
});
