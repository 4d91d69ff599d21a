/** What operators have done about an item of the worklist: two of them settle an integrity failure, one has an attempt undone. */
import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import {
  ApproveSettlementRequest,
  ProposeSettlementRequest,
  ReverseAttemptRequest,
  type FieldError,
  type WorklistItemResponse,
  proposalErrors,
  renderWorklistItem,
  validatorOf,
  worklistNumber,
} from '#contracts';
import { BeginReversal, type WorklistDesk } from '#dispatch';
import type { PaymentId, WorklistItem } from '#domain';
import { settleByPersons } from '#policy';
import { OperatorKey, operatorOf } from '../http/api-key.guard';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readJson } from '../http/read-json';
import { WORKLIST } from '../tokens';

const errorsOfProposal = validatorOf(ProposeSettlementRequest);
const errorsOfApproval = validatorOf(ApproveSettlementRequest);
const errorsOfReversal = validatorOf(ReverseAttemptRequest);

@Controller()
@UseGuards(OperatorKey)
export class TwoPersonsController {
  constructor(
    @Inject(WORKLIST) private readonly worklist: WorklistDesk,
    private readonly beginReversal: BeginReversal,
  ) {}

  @Post('v1/admin/worklist/:id/propose')
  @HttpCode(200)
  async propose(@Req() request: HttpRequest): Promise<WorklistItemResponse> {
    const id = numberOfItem(request);
    const body = readBody<ProposeSettlementRequest>(request, errorsOfProposal);
    if (proposalErrors(body))
      throw ProblemError.about('parameter_invalid', [{ pointer: '/bank_transaction_id', code: 'bank_transaction' }]);
    const { outcome, bank_transaction_id: bankTransactionId = null, note } = body;
    const proposed = await this.worklist.propose(id, operatorOf(request), { outcome, bankTransactionId, note });
    if (proposed.outcome === 'not_found') throw new ProblemError({ code: 'not_found' });
    return renderWorklistItem(proposed.item);
  }

  @Post('v1/admin/worklist/:id/approve')
  @HttpCode(200)
  async approve(@Req() request: HttpRequest): Promise<WorklistItemResponse> {
    const id = numberOfItem(request);
    const { proposal, note } = readBody<ApproveSettlementRequest>(request, errorsOfApproval);
    const approved = await this.worklist.approve(id, proposal, operatorOf(request), note, settleByPersons);
    switch (approved.outcome) {
      case 'approved':
      case 'already_approved':
        return renderWorklistItem(approved.item);
      case 'same_person':
        throw new ProblemError({
          code: 'permission_denied',
          detail: 'Whoever proposed it cannot approve it: it takes two.',
        });
      case 'moved':
        throw new ProblemError({
          code: 'payment_final',
          detail: 'The attempt or its payment has moved since; read the item again.',
        });
      case 'not_found':
        throw new ProblemError({ code: 'not_found' });
    }
  }

  /** The act is on record before it is done: a process that dies between the two leaves a word too many, never one too few. */
  @Post('v1/admin/worklist/:id/reverse')
  @HttpCode(200)
  async reverse(@Req() request: HttpRequest): Promise<WorklistItemResponse> {
    const id = numberOfItem(request);
    const { note } = readBody<ReverseAttemptRequest>(request, errorsOfReversal);
    const item = await this.openItem(id);
    await this.worklist.note(id, operatorOf(request), 'attempt.reversal_ordered', note);
    const begun = await this.beginReversal.begin(item.paymentId, 'person', item.leg);
    if (begun.kind === 'not_begun' && !(begun.why.kind === 'not_now' && begun.why.why === 'under_way'))
      throw new ProblemError({
        code: 'payment_final',
        detail: 'This attempt cannot be undone: it is settled, or had its reversal.',
      });
    if (begun.kind === 'moved') throw new ProblemError({ code: 'journal_unreadable' });
    return renderWorklistItem((await this.worklist.find(id)) ?? item);
  }

  /** @throws ProblemError where there is none about an attempt */
  private async openItem(id: number): Promise<WorklistItem & { readonly paymentId: PaymentId; readonly leg: number }> {
    const item = await this.worklist.find(id);
    const { paymentId, leg } = item ?? { paymentId: null, leg: null };
    if (!item || paymentId === null || leg === null || item.settledAt !== null)
      throw new ProblemError({ code: 'not_found' });
    return { ...item, paymentId, leg };
  }
}

function numberOfItem(request: HttpRequest): number {
  const number = worklistNumber(request.params['id'] ?? '');
  if (number === null) throw new ProblemError({ code: 'not_found' });
  return number;
}

function readBody<Body>(
  request: HttpRequest,
  errorsOf: (json: Readonly<Record<string, unknown>>) => readonly FieldError[],
): Body {
  const json = readJson(request);
  const errors = errorsOf(json);
  if (errors.length > 0) throw ProblemError.about('parameter_invalid', errors);
  return json as unknown as Body;
}
