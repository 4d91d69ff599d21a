/** A refund as everybody reads it. */
import { ApiProperty } from '@nestjs/swagger';
import { REFUND_KINDS, REFUND_STATES } from '#domain';
import { AmountRequest } from '../payments/create-payment.request';

export class RefundResponse {
  @ApiProperty({ type: 'string', example: 'ref_01m80jktghe4fbqfv67qr043d6' })
  id: string;

  @ApiProperty({ enum: ['refund'] })
  object: 'refund';

  @ApiProperty({ type: 'string', description: 'Id of the payment.', example: 'pay_01m80jktghe4fbqfv67qr043d4' })
  payment: string;

  @ApiProperty({
    enum: [...REFUND_KINDS],
    description:
      '`merchant`: you asked for it. `late_success`: the bank charged after the payment had ended, and the money goes back by itself; ' +
      'it does not count in `amount_refunded`.',
    example: 'merchant',
  })
  kind: string;

  @ApiProperty({
    enum: [...REFUND_STATES],
    description:
      '`requested`: nothing of it is at the bank yet. `unknown`: the bank has not said; we keep asking. `declined`: the bank’s final no; ' +
      'its amount may be refunded again.',
    example: 'succeeded',
  })
  status: string;

  @ApiProperty({ type: () => AmountRequest })
  amount: AmountRequest;

  @ApiProperty({ type: 'string', nullable: true, example: '缺货退款' })
  reason: string | null;

  @ApiProperty({ type: 'string', description: 'The channel it goes back over.', example: 'icbc.quickpay' })
  channel: string;

  @ApiProperty({
    type: 'string',
    description: 'What the bank knows as our reference.',
    example: 'R3T5V7X9Z2B4D6F8H2JA',
  })
  bank_reference: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'ICBC20261111000000091' })
  bank_transaction_id: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The bank’s own code of its no.', example: null })
  bank_code: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The bank’s own text of its no.', example: null })
  bank_message: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-12T02:00:00.000Z' })
  created_at: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-11-12T02:00:00.412Z' })
  updated_at: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-12T02:00:00.412Z' })
  settled_at: string | null;
}

/** All refunds of a payment, newest first. A payment has at most 100 of its merchant’s, so there is one page. */
export class RefundListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [RefundResponse] })
  data: readonly RefundResponse[];

  @ApiProperty({ type: 'boolean', description: 'Always false: all of them are here.', example: false })
  has_more: boolean;
}
