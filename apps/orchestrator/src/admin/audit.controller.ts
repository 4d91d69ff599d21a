/** GET /v1/admin/audit: what people did, newest first, with the hashes that chain it. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import {
  ADMIN_LIST_LIMIT_DEFAULT,
  type AuditListResponse,
  ListAuditQuery,
  numberOf,
  renderAuditEntry,
  validatorOf,
} from '#contracts';
import type { AuditTrail } from '#dispatch';
import { OperatorKey } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { readQuery } from '../http/read-query';
import { AUDIT_TRAIL } from '../tokens';

const errorsOf = validatorOf(ListAuditQuery);

@Controller()
export class AuditController {
  constructor(@Inject(AUDIT_TRAIL) private readonly trail: AuditTrail) {}

  @Get('v1/admin/audit')
  @UseGuards(OperatorKey)
  async list(@Req() request: HttpRequest): Promise<AuditListResponse> {
    const { action, actor, limit, starting_after, subject } = readQuery<ListAuditQuery>(request, errorsOf);
    const page = await this.trail.list(
      { subject: subject ?? null, action: action ?? null, actor: actor ?? null },
      starting_after === undefined ? null : numberOf('aud', starting_after),
      limit === undefined ? ADMIN_LIST_LIMIT_DEFAULT : Number(limit),
    );
    return { object: 'list', data: page.links.map(renderAuditEntry), has_more: page.hasMore };
  }
}
