/** For specs: the entrance of a process over given channels, with a flow of the spec's own. */
import { Reservations } from '#policy';
import { createSuggestionSeal } from '#runtime';
import { AdvisePayer } from '../advise-payer';
import { Door } from '../door';
import { Entrance } from '../entrance';
import type { ChannelRegistry } from '../ports/channel-registry';
import { type FlowView, NO_FLOW } from '../ports/flow-view';
import type { Clock } from '../ports/surroundings';

export function entranceOf(channels: ChannelRegistry, clock: Clock, flow: FlowView = NO_FLOW) {
  const reservations = new Reservations();
  const seal = createSuggestionSeal(new Uint8Array(32));
  const advise = new AdvisePayer({ channels, flow, reservations, seal, clock, random: () => 0.5 });
  const entrance = new Entrance({ channels, flow, advise, reservations, seal, clock, door: new Door(flow, clock) });
  return { entrance, advise, reservations, seal };
}
