/** Questions and undos: they hold no slot of the desk, but a closed or fallen bank does not serve them either. */
import { answer, type Answer, type Reply } from '../protocol/answer';
import type { Delivery } from '../protocol/fates';
import type { Channel } from './channel';

/** Decides after the lane's delay, and answers when what was decided is in the ledger. */
export function inSideLane(
  channel: Channel,
  reference: string,
  reply: Reply,
  decide: () => Answer | { readonly answer: Answer; readonly delivery: Delivery },
): void {
  const shut = channel.closedAnswer();
  if (shut !== null) return reply.send(shut);
  const waitMs = channel.desk.sideWorkMs();
  if (waitMs === 'busy') return reply.send(answer('BUSY', 'N1', { reference }));
  channel.world.agenda.after(waitMs, () => {
    const decided = decide();
    if ('word' in decided) channel.answerAfterWrite(reply, decided);
    else channel.answerAfterWrite(reply, decided.answer, 0, decided.delivery);
  });
}
