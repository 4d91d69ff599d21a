/** The audit chain as operators read it. */
import { ApiProperty } from '@nestjs/swagger';
import type { AuditLink } from '#domain';

export class AuditEntryResponse {
  @ApiProperty({ type: 'string', example: 'aud_118' })
  id: string;

  @ApiProperty({ enum: ['audit_entry'] })
  object: 'audit_entry';

  @ApiProperty({ type: 'string', format: 'date-time' })
  at: string;

  @ApiProperty({ type: 'string', description: '`operator:<name>` or `system:<what>`.', example: 'operator:Li Wei' })
  actor: string;

  @ApiProperty({ type: 'string', example: 'limits.changed' })
  action: string;

  @ApiProperty({
    type: 'string',
    description: 'To what: a channel, a bank, `everything`, an item of the worklist.',
    example: 'icbc.quickpay',
  })
  subject: string;

  @ApiProperty({ type: 'string' })
  reason: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Members depend on the action.' })
  facts: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: 'string', description: 'SHA-256 over this entry and `prev_hash`, hex.' })
  hash: string;

  @ApiProperty({ type: 'string', description: 'Hash of the entry before: whoever alters one breaks the chain.' })
  prev_hash: string;
}

export class AuditListResponse {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: () => [AuditEntryResponse] })
  data: readonly AuditEntryResponse[];

  @ApiProperty({ type: 'boolean', example: false })
  has_more: boolean;
}

export function renderAuditEntry({
  action,
  actor,
  at,
  facts,
  hash,
  prevHash,
  reason,
  seq,
  subject,
}: AuditLink): AuditEntryResponse {
  return {
    id: `aud_${seq}`,
    object: 'audit_entry',
    at: new Date(at).toISOString(),
    actor,
    action,
    subject,
    reason,
    facts,
    hash,
    prev_hash: prevHash,
  };
}
