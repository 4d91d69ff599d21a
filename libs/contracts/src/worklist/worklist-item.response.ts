/** Something for a person to look at, as operators see it. */
import { ApiProperty } from '@nestjs/swagger';
import { SETTLEMENT_OUTCOMES, WORKLIST_KINDS, type WorklistItem } from '#domain';

/** What one operator proposes about an integrity failure, and another approves. */
export class SettlementProposalResponse {
  @ApiProperty({ type: 'integer', description: 'What an approval must name.', example: 7 })
  number: number;

  @ApiProperty({ enum: [...SETTLEMENT_OUTCOMES] })
  outcome: string;

  @ApiProperty({ type: 'string', nullable: true })
  bank_transaction_id: string | null;

  @ApiProperty({ type: 'string' })
  note: string;

  @ApiProperty({ type: 'string', example: 'Li Wei' })
  proposed_by: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  proposed_at: string;

  @ApiProperty({ type: 'string', nullable: true, description: '`null`: nobody has yet.' })
  approved_by: string | null;
}

export class WorklistItemResponse {
  @ApiProperty({ type: 'string', example: 'wrk_42' })
  id: string;

  @ApiProperty({ enum: ['worklist_item'] })
  object: 'worklist_item';

  @ApiProperty({ enum: [...WORKLIST_KINDS], description: 'Why a person should look.', example: 'break_long' })
  kind: string;

  @ApiProperty({ type: 'string', description: 'What it is about; one open item per kind and subject.' })
  subject: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'The payment, where there is one.' })
  payment_id: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Number of the attempt in its payment.' })
  leg: number | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'icbc.quickpay' })
  channel: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What is known; members depend on the kind.',
  })
  facts: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: 'string', format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: '`null`: it is open.' })
  settled_at: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The operator, or `system` where the bank has spoken.' })
  settled_by: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  note: string | null;

  @ApiProperty({
    type: () => SettlementProposalResponse,
    nullable: true,
    description: 'The latest one, of an integrity failure.',
  })
  proposal: SettlementProposalResponse | null;
}

export class WorklistResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [WorklistItemResponse] })
  data: readonly WorklistItemResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

export function renderWorklistItem(item: WorklistItem): WorklistItemResponse {
  return {
    id: `wrk_${item.id}`,
    object: 'worklist_item',
    kind: item.kind,
    subject: item.subject,
    payment_id: item.paymentId,
    leg: item.leg,
    channel: item.channelId,
    facts: item.facts,
    created_at: new Date(item.createdAt).toISOString(),
    settled_at: item.settledAt === null ? null : new Date(item.settledAt).toISOString(),
    settled_by: item.settledBy,
    note: item.note,
    proposal: renderProposal(item),
  };
}

function renderProposal({ proposal }: WorklistItem): SettlementProposalResponse | null {
  if (proposal === null) return null;
  const { approvedBy, bankTransactionId, id, note, outcome, proposedAt, proposedBy } = proposal;
  return {
    number: id,
    outcome,
    bank_transaction_id: bankTransactionId,
    note,
    proposed_by: proposedBy,
    proposed_at: new Date(proposedAt).toISOString(),
    approved_by: approvedBy,
  };
}
