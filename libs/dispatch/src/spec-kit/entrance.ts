/** For specs: the entrance of a process over given channels, with a flow of the spec's own. */
import { Reservations } from '#policy';
import { AdvisePayer } from '../advise-payer';
import { Door } from '../door';
import { Entrance } from '../entrance';
import type { ChannelRegistry } from '../ports/channel-registry';
import { type FlowView, NO_FLOW } from '../ports/flow-view';
import type { SuggestionSeal, SuggestionTerms } from '../ports/suggestion-seal';
import type { Clock } from '../ports/surroundings';

/** Ids in plain words: what they are good for can be read off them. The real seal has a spec of its own. */
const plainSeal: SuggestionSeal = {
  seal: (terms, rank, expiresAt) => JSON.stringify({ rank, expiresAt, terms: termsOf(terms) }),
  open(id, terms, now) {
    const said = JSON.parse(id) as { rank: number; expiresAt: number; terms: string };
    if (said.terms !== termsOf(terms)) return { kind: 'mismatch' };
    return said.expiresAt > now ? { kind: 'valid', rank: said.rank } : { kind: 'expired' };
  },
};

function termsOf({ amount, merchantId, merchantOrderNo, token }: SuggestionTerms): string {
  return [merchantId, merchantOrderNo, token, amount.value, amount.currency].join(' ');
}

export function entranceOf(channels: ChannelRegistry, clock: Clock, flow: FlowView = NO_FLOW) {
  const reservations = new Reservations();
  const seal = plainSeal;
  const advise = new AdvisePayer({ channels, flow, reservations, seal, clock, random: () => 0.5 });
  const entrance = new Entrance({ channels, flow, advise, reservations, seal, clock, door: new Door(flow, clock) });
  return { entrance, advise, reservations, seal };
}
