/** The body of `POST /v1/admin/worklist/{id}/settle`. */
import { ApiProperty } from '@nestjs/swagger';
import { Is, Required } from '../input/field-decorators';
import { isDescription } from '../input/values';

export class SettleWorklistItemRequest {
  @Required()
  @Is('note', (value) => isDescription(value) && String(value).trim() !== '')
  @ApiProperty({
    type: 'string',
    minLength: 1,
    maxLength: 128,
    description: 'What was found and done, for whoever reads the audit chain later.',
    example: 'ICBC confirmed by telephone: booked twice, reversed on their side today',
  })
  note: string;
}
