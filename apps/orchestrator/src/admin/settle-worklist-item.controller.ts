/** POST /v1/admin/worklist/:id/settle: a person has looked, and says what they found. It moves no money. */
import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import {
  SettleWorklistItemRequest,
  type WorklistItemResponse,
  renderWorklistItem,
  validatorOf,
  worklistNumber,
} from '#contracts';
import type { WorklistDesk } from '#dispatch';
import { OperatorKey, operatorOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readJson } from '../http/read-json';
import { WORKLIST } from '../tokens';

const errorsOf = validatorOf(SettleWorklistItemRequest);

@Controller()
export class SettleWorklistItemController {
  constructor(@Inject(WORKLIST) private readonly worklist: WorklistDesk) {}

  @Post('v1/admin/worklist/:id/settle')
  @HttpCode(200)
  @UseGuards(OperatorKey)
  async settle(@Req() request: HttpRequest): Promise<WorklistItemResponse> {
    const number = worklistNumber(request.params['id'] ?? '');
    if (number === null) throw new ProblemError({ code: 'not_found' });
    const json = readJson(request);
    const errors = errorsOf(json);
    if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
    const { note } = json as unknown as SettleWorklistItemRequest;
    const settled = await this.worklist.settle(number, operatorOf(request), note);
    if (settled.outcome === 'not_found') throw new ProblemError({ code: 'not_found' });
    if (settled.outcome === 'needs_two') {
      const detail = 'An integrity failure is settled by two operators: one proposes, another approves.';
      throw new ProblemError({ code: 'permission_denied', detail });
    }
    return renderWorklistItem(settled.item);
  }
}
