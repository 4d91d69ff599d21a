/** Orders and maintenance windows, as the API shows them. */
import type { AcknowledgedResponse, OrderResponse, OrderState } from '#contracts';
import type { OrderRecord } from '#dispatch';

const timeText = (ms: number): string => new Date(ms).toISOString();

/** @param nowMs PostgreSQL's clock */
export function renderOrder(
  order: OrderRecord,
  nowMs: number,
  acknowledged: AcknowledgedResponse | null,
): OrderResponse {
  const isWindow = order.hold === 'maintenance';
  return {
    id: `${isWindow ? 'mwn' : 'ord'}_${order.id}`,
    object: isWindow ? 'maintenance_window' : 'order',
    target: order.target,
    hold: order.hold,
    state: stateOf(order, nowMs),
    by: order.by,
    reason: order.why,
    starts_at: timeText(order.startsAt),
    ends_at: order.endsAt === null ? null : timeText(order.endsAt),
    drains_at: timeText(order.drainsAt),
    created_at: timeText(order.createdAt),
    released_at: order.releasedAt === null ? null : timeText(order.releasedAt),
    released_by: order.releasedBy,
    release_reason: order.releaseReason,
    ...(acknowledged ? { acknowledged } : {}),
  };
}

function stateOf({ drainsAt, endsAt, hold, releasedAt, startsAt }: OrderRecord, nowMs: number): OrderState {
  if (releasedAt !== null || (endsAt !== null && nowMs >= endsAt)) return 'over';
  // What acts at once has begun, whatever the last millisecond of two clocks says.
  if (nowMs >= startsAt || hold !== 'maintenance') return 'in_force';
  return nowMs >= drainsAt ? 'draining' : 'ahead';
}
