/** A channel's limits: read, changed by revision, scheduled, overridden for a while, rolled back, and their history. */
import { Controller, Get, HttpCode, Inject, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import {
  ADMIN_LIST_LIMIT_DEFAULT,
  ChangeLimitsRequest,
  EndRequest,
  type FieldError,
  LIMIT_NAMES,
  type LimitRevisionListResponse,
  ListRevisionsQuery,
  ReplaceLimitsRequest,
  RollBackLimitsRequest,
  limitValuesOf,
  numberOf,
  validatorOf,
} from '#contracts';
import { ChangeLimits, type FlowView, type LimitsAnswer, type LimitsBook, type LimitsFault } from '#dispatch';
import { type ChannelId, isChannelId } from '#domain';
import { OperatorKey, operatorOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { readQuery } from '../http/read-query';
import { readBody } from '../http/read-body';
import { FLOW, LIMITS } from '../tokens';
import { entityTag, readIfMatch } from './read-if-match';
import { timeOf } from './time-of';
import { renderLimits, renderRevision } from './render-limits';
import { untilAcknowledged } from './until-acknowledged';

const errorsOfChange = validatorOf(ChangeLimitsRequest);
const errorsOfReplacement = validatorOf(ReplaceLimitsRequest);
const errorsOfRollBack = validatorOf(RollBackLimitsRequest);
const errorsOfEnd = validatorOf(EndRequest);
const errorsOfQuery = validatorOf(ListRevisionsQuery);

@Controller()
@UseGuards(OperatorKey)
export class ChannelLimitsController {
  constructor(
    @Inject(LIMITS) private readonly book: LimitsBook,
    @Inject(FLOW) private readonly flow: FlowView,
    private readonly limits: ChangeLimits,
  ) {}

  @Get('v1/admin/channels/:id/limits')
  async read(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const state = await this.book.read(channelOf(request));
    if (!state) throw new ProblemError({ code: 'not_found' });
    // Never from a cache: a revision may come into force at any moment.
    reply.header('ETag', entityTag(state.head)).header('Cache-Control', 'no-store').send(renderLimits(state, null));
  }

  @Patch('v1/admin/channels/:id/limits')
  async change(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.set(request, reply, errorsOfChange);
  }

  @Put('v1/admin/channels/:id/limits')
  async replace(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.set(request, reply, errorsOfReplacement);
  }

  @Post('v1/admin/channels/:id/limits/rollback')
  @HttpCode(200)
  async rollBack(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const said = saidBy(request);
    const { reason, revision, until } = readBody<RollBackLimitsRequest>(request, errorsOfRollBack);
    await this.answer(reply, await this.limits.rollBack({ ...said, revision, until: timeOf(until), why: reason }));
  }

  @Post('v1/admin/channels/:id/limits/changes/:change/call_off')
  @HttpCode(200)
  async callOff(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const said = saidBy(request);
    const changeId = numberOf('chg', request.params['change'] ?? '');
    if (changeId === null) throw new ProblemError({ code: 'not_found' });
    const { reason } = readBody<EndRequest>(request, errorsOfEnd);
    await this.answer(reply, await this.limits.callOff({ ...said, changeId, why: reason }));
  }

  @Get('v1/admin/channels/:id/limits/revisions')
  async revisions(@Req() request: HttpRequest): Promise<LimitRevisionListResponse> {
    const channelId = channelOf(request);
    const { limit, starting_after } = readQuery<ListRevisionsQuery>(request, errorsOfQuery);
    const before = starting_after === undefined ? null : Number(starting_after);
    const page = await this.book.revisions(
      channelId,
      before,
      limit === undefined ? ADMIN_LIST_LIMIT_DEFAULT : Number(limit),
    );
    // Every channel has a first revision; without one there is no such channel.
    if (page.revisions.length === 0 && before === null) throw new ProblemError({ code: 'not_found' });
    return { object: 'list', data: page.revisions.map(renderRevision), has_more: page.hasMore };
  }

  private async set(request: HttpRequest, reply: HttpReply, errorsOf: typeof errorsOfChange): Promise<void> {
    const said = saidBy(request);
    const { effective_from, limits, reason, until } = readBody<ChangeLimitsRequest>(request, errorsOf);
    const changes = limitValuesOf(limits);
    if (Object.keys(changes).length === 0) {
      throw ProblemError.about('parameter_invalid', [{ pointer: '/limits', code: 'no_limits' }]);
    }
    const times = { effectiveFrom: timeOf(effective_from), until: timeOf(until) };
    await this.answer(reply, await this.limits.change({ ...said, changes, ...times, why: reason }));
  }

  private async answer(reply: HttpReply, answer: LimitsAnswer): Promise<void> {
    if (answer.kind === 'refused') {
      const { code, facts, faults = [] } = answer;
      throw new ProblemError({ code, errors: faults.map(errorOf), ...(facts ? { facts } : {}) });
    }
    const { state, version } = answer.amended;
    const body = renderLimits(state, await untilAcknowledged(this.flow, version));
    reply.header('ETag', entityTag(state.head)).header('Cache-Control', 'no-store').send(body);
  }
}

/** @throws ProblemError where the path names no channel */
function channelOf({ params }: HttpRequest): ChannelId {
  const { id = '' } = params;
  if (!isChannelId(id)) throw new ProblemError({ code: 'not_found' });
  return id;
}

function saidBy(request: HttpRequest): { readonly channelId: ChannelId; readonly seen: number; readonly by: string } {
  return { channelId: channelOf(request), seen: readIfMatch(request), by: operatorOf(request) };
}

function errorOf({ code, member }: LimitsFault): FieldError {
  if (member === 'effectiveFrom') return { pointer: '/effective_from', code };
  if (member === 'until' || member === 'revision') return { pointer: `/${member}`, code };
  return { pointer: `/limits/${LIMIT_NAMES[member]}`, code };
}
