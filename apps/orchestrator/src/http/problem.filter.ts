/** Every error that leaves a controller, a guard, or Fastify itself comes through here. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { AllowedMethods } from './allowed-methods';
import type { HttpReply, HttpRequest } from './exchange';
import type { ProblemAnswers } from './problem-answers';
import { ProblemError } from './problem-error';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly answers: ProblemAnswers,
    private readonly allowed: AllowedMethods,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    this.answers.send(request, http.getResponse<HttpReply>(), this.wrongMethod(request, error) ?? error);
  }

  /** A path that exists for other methods: 405 says which. */
  private wrongMethod(request: HttpRequest, error: unknown): ProblemError | null {
    const noRoute = error instanceof HttpException && error.getStatus() === 404;
    const methods = noRoute ? this.allowed.of(request.url) : [];
    return methods.length > 0 ? new ProblemError({ code: 'method_not_allowed' }, { Allow: methods.join(', ') }) : null;
  }
}
