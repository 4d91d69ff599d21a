/** GET /v1/admin/worklist: what no program may decide, newest first. */
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import {
  ListWorklistQuery,
  WORKLIST_LIMIT_DEFAULT,
  type WorklistResponse,
  renderWorklistItem,
  validatorOf,
  worklistNumber,
} from '#contracts';
import type { WorklistDesk } from '#dispatch';
import { OperatorKey } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { WORKLIST } from '../tokens';

const errorsOf = validatorOf(ListWorklistQuery);

@Controller()
export class ListWorklistController {
  constructor(@Inject(WORKLIST) private readonly worklist: WorklistDesk) {}

  @Get('v1/admin/worklist')
  @UseGuards(OperatorKey)
  async list(@Req() { query }: HttpRequest): Promise<WorklistResponse> {
    // The query parser's object has no prototype; a copy of its own keys has one and nothing more.
    const given: Record<string, unknown> = { ...query };
    const errors = errorsOf(given);
    if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
    const { open, limit, starting_after } = given as unknown as ListWorklistQuery;
    const page = await this.worklist.list(
      open === undefined ? null : open === 'true',
      starting_after === undefined ? null : worklistNumber(starting_after),
      limit === undefined ? WORKLIST_LIMIT_DEFAULT : Number(limit),
    );
    return { object: 'list', data: page.items.map(renderWorklistItem), has_more: page.hasMore };
  }
}
