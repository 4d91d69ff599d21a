/** The API about itself: /openapi.json, /reference, /llms.txt and /errors/:code. Made once, at start. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { errorSection, isErrorCode } from '#contracts';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { OPENAPI } from '../tokens';
import { llmsText } from './llms-text';
import { referencePage } from './reference-page';

@Controller()
export class DocumentsController {
  private readonly openApi: string;
  private readonly reference: string;
  private readonly llms = llmsText();

  constructor(@Inject(OPENAPI) document: Readonly<Record<string, unknown>>) {
    this.openApi = JSON.stringify(document);
    this.reference = referencePage(document);
  }

  @Get('openapi.json')
  openApiDocument(@Res() reply: HttpReply): void {
    reply.header('Content-Type', 'application/json; charset=utf-8').send(this.openApi);
  }

  @Get('reference')
  referenceDocument(@Res() reply: HttpReply): void {
    reply
      .header('Content-Type', 'text/html; charset=utf-8')
      .header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(this.reference);
  }

  @Get('llms.txt')
  llmsDocument(@Res() reply: HttpReply): void {
    reply.header('Content-Type', 'text/plain; charset=utf-8').send(this.llms);
  }

  @Get('errors/:code')
  explain(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    const { code = '' } = request.params;
    if (!isErrorCode(code)) throw new ProblemError({ code: 'not_found' });
    reply.header('Content-Type', 'text/markdown; charset=utf-8').send(errorSection(code));
  }
}
