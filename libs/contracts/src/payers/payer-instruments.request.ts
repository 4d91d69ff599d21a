/** The bodies of `/v1/payers/{id}/instruments`. */
import { ApiProperty } from '@nestjs/swagger';
import { Is, Required } from '../input/field-decorators';
import { matches } from '../input/values';
import { PAYER_ID, TOKEN } from '../payments/create-payment.request';
import { isDistinctList } from '../suggestions/suggest.request';

export const STORED_TOKENS_MAX = 16;

/** Is this a payer's id? For paths; in bodies the field's own rule says so. */
export const isPayerId = matches(PAYER_ID);
export const isInstrumentToken = matches(TOKEN);

/** One more, at the end of the payer's list. */
export class AddPayerInstrumentRequest {
  @Required()
  @Is('instrument_token', isInstrumentToken)
  @ApiProperty({
    type: 'string',
    pattern: TOKEN.source,
    description: 'Token of the payer’s card or agreement, your own. Never a card number.',
    example: 'tok_ccb_quickpay_ok',
  })
  token: string;
}

/** The whole list. */
export class PutPayerInstrumentsRequest {
  @Required()
  @Is('stored_tokens', (value) => isDistinctList(value, STORED_TOKENS_MAX))
  @Is('instrument_token', isInstrumentToken, true)
  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: TOKEN.source },
    maxItems: STORED_TOKENS_MAX,
    uniqueItems: true,
    description: 'In the payer’s order, the preferred one first.',
    example: ['tok_icbc_quickpay_ok', 'tok_ccb_quickpay_ok'],
  })
  tokens: string[];
}
