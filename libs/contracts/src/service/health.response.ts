/** What a health check says. */
import { ApiProperty } from '@nestjs/swagger';

export class HealthResponse {
  @ApiProperty({ enum: ['ok', 'draining', 'unavailable'], example: 'ok' })
  status: 'ok' | 'draining' | 'unavailable';

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Each part: `ok`, or a sentence.',
    example: { postgres: 'ok', redis: 'ok' },
  })
  parts: Readonly<Record<string, string>>;
}
