/** Bodies of what operators do about an item of the worklist: propose how it ended, approve it, have an attempt undone. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SETTLEMENT_OUTCOMES, type SettlementOutcome } from '#domain';
import { Is, Optional, Required } from '../input/field-decorators';
import { isDescription, isWholeNumber } from '../input/values';

const isNote = (value: unknown): boolean => isDescription(value) && String(value).trim() !== '';
/** Longer than any bank's; what the connectors believe (docs/bank-protocol.md allows 64). */
const isTransaction = (value: unknown): boolean => typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value);

const NOTE = { type: 'string', minLength: 1, maxLength: 128 } as const;

export class ProposeSettlementRequest {
  @Required()
  @Is('settlement_outcome', (value) => SETTLEMENT_OUTCOMES.some((outcome) => outcome === value))
  @ApiProperty({
    enum: [...SETTLEMENT_OUTCOMES],
    description: '`succeeded`: the bank’s books show the right charge now. `declined`: they show none any more.',
  })
  outcome: SettlementOutcome;

  @Optional()
  @Is('bank_transaction', isTransaction)
  @ApiPropertyOptional({
    type: 'string',
    maxLength: 128,
    nullable: true,
    description: 'The bank’s number of the right charge: with `succeeded`, and only then.',
    example: 'ICBC2026111100000001',
  })
  bank_transaction_id?: string | null;

  @Required()
  @Is('note', isNote)
  @ApiProperty({ ...NOTE, description: 'What was found, and how.', example: 'Corrected by the bank, see its letter' })
  note: string;
}

export class ApproveSettlementRequest {
  @Required()
  @Is('proposal', isWholeNumber(1, Number.MAX_SAFE_INTEGER))
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of the proposal that was read.', example: 7 })
  proposal: number;

  @Required()
  @Is('note', isNote)
  @ApiProperty({ ...NOTE, description: 'What was checked.', example: 'Seen in the statement of 11 November' })
  note: string;
}

export class ReverseAttemptRequest {
  @Required()
  @Is('note', isNote)
  @ApiProperty({ ...NOTE, description: 'Why.', example: 'The payer has paid at the counter' })
  note: string;
}

/** What is wrong between the members of a proposal. */
export function proposalErrors({ outcome, bank_transaction_id: transaction }: ProposeSettlementRequest): boolean {
  return (outcome === 'succeeded') !== (transaction !== undefined && transaction !== null);
}
