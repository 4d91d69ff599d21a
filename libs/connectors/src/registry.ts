/** Which connector speaks a channel's protocol? The one list of them: a new protocol is a folder beside `rest` and a line here. */
import type { Channel, ChannelId } from '#domain';
import type { Connector } from '#dispatch';
import type { BreakerStateName } from '#policy';
import { BankHttpClient } from './http/bank-http-client';
import type { BankHttpClientOptions } from './http/bank-http-client';
import { CallGuard } from './http/call-guard';
import { RestConnector } from './rest/rest.connector';
import type { RestConnectorOptions } from './rest/rest.connector';

export interface ConnectorsOptions {
  /** Pools and TLS, for all connectors that speak HTTP. */
  readonly http?: BankHttpClientOptions;
  readonly rest: RestConnectorOptions;
}

export interface Connectors {
  /** The policy's word about a channel's breaker: while it is open no money is sent, but the bank may still be asked and undone. */
  commandBreaker(channelId: ChannelId, state: BreakerStateName): void;
  readonly protocols: readonly string[];
  /** @throws RangeError for a channel whose protocol nobody speaks; a start-up should ask for every channel once. */
  forChannel(channel: Pick<Channel, 'id' | 'connector'>): Connector;
  /** Lets the calls in flight end, each by its deadline, and closes every connection. */
  close(): Promise<void>;
}

export function createConnectors(options: ConnectorsOptions): Connectors {
  const http = new BankHttpClient(options.http);
  const guard = new CallGuard();
  const connectors = new Map<string, Connector>();
  for (const connector of [new RestConnector(http, guard, options.rest)]) connectors.set(connector.protocol, connector);
  const protocols = [...connectors.keys()];
  return {
    commandBreaker: (channelId, state) => guard.command(channelId, state),
    protocols,
    forChannel(channel) {
      const connector = connectors.get(channel.connector);
      if (connector) return connector;
      throw new RangeError(
        `Channel ${channel.id} asks for the connector "${channel.connector}", which nobody speaks (known: ${protocols.join(', ')}). ` +
          'Correct the channel, or add the connector to libs/connectors/src/registry.ts',
      );
    },
    async close() {
      await http.close();
      guard.shutdown();
    },
  };
}
