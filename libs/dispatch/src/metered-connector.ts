/** A connector that tells a meter of each call: the one place where calls to banks are counted, whatever use case makes them. */
import type { ChannelId, EpochMs, Evidence, UndoEvidence } from '#domain';
import type { Operation } from '#policy';
import { callClassOf } from './call-class';
import type { CallMeter } from './ports/call-meter';
import type {
  CallLimits,
  Connector,
  ConnectorCapabilities,
  Exchange,
  InquireRequest,
  NotificationRequest,
  ParsedNotification,
  PayRequest,
  RefundRequest,
  ReverseRequest,
  Route,
  Statement,
} from './ports/connector';

type Classified = 'pay' | 'inquire' | 'refund' | 'inquire_refund';

export class MeteredConnector implements Connector {
  readonly protocol: string;

  constructor(
    private readonly connector: Connector,
    private readonly meter: CallMeter,
  ) {
    this.protocol = connector.protocol;
  }

  pay(route: Route, request: PayRequest, limits: CallLimits): Promise<Exchange> {
    return this.metered(route, 'pay', () => this.connector.pay(route, request, limits), 'pay');
  }

  inquire(route: Route, request: InquireRequest, limits: CallLimits): Promise<Exchange> {
    return this.metered(route, 'inquiry', () => this.connector.inquire(route, request, limits), 'inquire');
  }

  reverse(route: Route, request: ReverseRequest, limits: CallLimits): Promise<Exchange> {
    return this.metered(route, 'giving_back', () => this.connector.reverse(route, request, limits), 'reverse');
  }

  refund(route: Route, request: RefundRequest, limits: CallLimits): Promise<Exchange> {
    return this.metered(route, 'giving_back', () => this.connector.refund(route, request, limits), 'refund');
  }

  inquireRefund(route: Route, request: InquireRequest, limits: CallLimits): Promise<Exchange> {
    const call = () => this.connector.inquireRefund(route, request, limits);
    return this.metered(route, 'giving_back', call, 'inquire_refund');
  }

  /** Not metered: it costs the bank nothing and says little about its work. */
  echo(route: Route, limits: CallLimits): Promise<Exchange> {
    return this.connector.echo(route, limits);
  }

  fetchStatement(route: Route, date: string, limits: CallLimits): Promise<Statement> {
    return this.connector.fetchStatement(route, date, limits);
  }

  capabilities(channelId: ChannelId): ConnectorCapabilities {
    return this.connector.capabilities(channelId);
  }

  parseNotification(channelId: ChannelId, request: NotificationRequest, now: EpochMs): ParsedNotification {
    return this.connector.parseNotification(channelId, request, now);
  }

  classify(operation: Classified, exchange: Exchange): Evidence {
    return this.connector.classify(operation, exchange);
  }

  classifyUndo(exchange: Exchange): UndoEvidence {
    return this.connector.classifyUndo(exchange);
  }

  close(): Promise<void> {
    return this.connector.close();
  }

  private async metered(
    { channelId }: Route,
    operation: Operation,
    call: () => Promise<Exchange>,
    words: Classified | 'reverse',
  ): Promise<Exchange> {
    const ended = this.meter.began(channelId, operation);
    let exchange: Exchange;
    try {
      exchange = await call();
    } catch (error) {
      // A connector does not throw; one that does has a bug of ours, which says nothing about the bank.
      ended('ignored', 0);
      throw error;
    }
    const { connector } = this;
    const evidence = words === 'reverse' ? connector.classifyUndo(exchange) : connector.classify(words, exchange);
    const retryAfterMs = exchange.kind === 'answered' ? exchange.retryAfterMs : undefined;
    ended(callClassOf(evidence), exchange.elapsedMs, retryAfterMs);
    return exchange;
  }
}
