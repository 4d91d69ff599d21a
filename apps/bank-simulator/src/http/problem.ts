/** Errors of the control API and of the bank page: RFC 9457 `application/problem+json` that say what to do. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type SettingsProblem, SettingsError } from '../bank/channel-settings';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export interface Problem {
  readonly type: 'about:blank';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly SettingsProblem[];
}

export function problem(status: number, code: string, detail: string, errors?: readonly SettingsProblem[]): Problem {
  return { type: 'about:blank', status, code, detail, ...(errors === undefined ? {} : { errors }) };
}

/** An error that already knows how to say itself. */
export class ProblemException extends HttpException {
  constructor(readonly problem: Problem) {
    super(problem, problem.status);
  }
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('bank-simulator');

  catch(error: unknown, host: ArgumentsHost): void {
    const said = this.problemOf(error);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.code(said.status).type(PROBLEM_TYPE).send(said);
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof ProblemException) return error.problem;
    if (error instanceof SettingsError) {
      const detail = 'nothing was changed; each entry of errors names a member and what would be right';
      return problem(422, 'invalid_settings', detail, error.problems);
    }
    if (error instanceof HttpException) {
      const status = error.getStatus();
      return status === 404
        ? problem(404, 'not_found', `${error.message}; docs/bank-protocol.md lists the addresses`)
        : problem(status, 'bad_request', error.message);
    }
    const status = (error as { statusCode?: unknown }).statusCode;
    if (typeof status === 'number' && status < 500) return problem(status, 'bad_request', (error as Error).message);
    this.logger.error(error);
    return problem(500, 'internal_error', 'a bug in the bank simulator; its log has the error');
  }
}
