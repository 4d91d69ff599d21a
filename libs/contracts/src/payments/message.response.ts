/** What a person reads. */
import { ApiProperty } from '@nestjs/swagger';

/** The same sentence for both languages of the cashier page. */
export class MessageResponse {
  @ApiProperty({ type: 'string', example: '余额不足，请更换支付方式' })
  'zh-CN': string;

  @ApiProperty({ type: 'string', example: 'Insufficient funds; use another instrument.' })
  en: string;
}
