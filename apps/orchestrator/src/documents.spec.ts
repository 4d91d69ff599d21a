/** The committed documents are the ones the code makes. A failure here says: npm run openapi && npm run client, and look at the diff. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { API_VERSION, FIELD_RULES, OPERATIONS, errorsPage } from '#contracts';
import { ERROR_CODES } from '#domain';
import { referencePage } from './service/reference-page';
import { makeOpenApi } from './service/make-openapi';
import { OrchestratorModule } from './orchestrator.module';

const read = (file: string) => readFileSync(path.join(__dirname, '../../..', file), 'utf8');

describe('openapi.json', () => {
  it('is what the contracts make', async () => {
    expect(JSON.parse(read('openapi.json'))).toEqual(JSON.parse(JSON.stringify(await makeOpenApi())));
  });

  it('has the version of the package', () => {
    expect(API_VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
  });

  it('shows every operation with an example of every answer, and every code that a caller can meet', async () => {
    const document = JSON.stringify(await makeOpenApi());
    for (const { answers } of OPERATIONS) {
      for (const { status, examples } of answers)
        expect(status === 204 || Object.keys(examples ?? {}).length > 0).toBe(true);
    }
    // No operation's own.
    const elsewhere = ['method_not_allowed'];
    const shown = Object.keys(ERROR_CODES).filter((code) => document.includes(`"code":"${code}"`));
    expect([...shown, ...elsewhere].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  it('describes exactly the routes that the controllers have', () => {
    const { controllers = [] } = OrchestratorModule.with({} as never);
    const routes = controllers.flatMap((controller) => {
      const prototype = controller.prototype as Record<string, object>;
      const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
      return methods.flatMap((name) => {
        const route: unknown = Reflect.getMetadata('path', prototype[name]!);
        const method: unknown = Reflect.getMetadata('method', prototype[name]!);
        if (typeof route !== 'string') return [];
        return [`${RequestMethod[Number(method)]!.toLowerCase()} /${route.replace(/:(\w+)/g, '{$1}')}`];
      });
    });
    expect(routes.sort()).toEqual(OPERATIONS.map(({ method, path: at }) => `${method} ${at}`).sort());
  });

  it('is the source of the client: every operation has its function there', () => {
    const client = read('libs/client/src/generated/sdk.gen.ts');
    const functions = [...client.matchAll(/^export const (\w+) = /gm)].map(([, name]) => name);
    expect(functions.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
  });

  it('makes the reference page, which loads nothing from elsewhere', async () => {
    const page = referencePage(await makeOpenApi());
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
    for (const { id } of OPERATIONS) expect(page).toContain(`id="${id}"`);
  });
});

describe('docs/errors.md', () => {
  it('is what the table of codes makes', () => expect(read('docs/errors.md')).toBe(errorsPage()));

  it('holds every code with its words in both languages, and no other', () => {
    const page = read('docs/errors.md');
    const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
    expect(sections.sort()).toEqual(Object.keys(ERROR_CODES).sort());
    for (const { message } of Object.values(ERROR_CODES)) {
      expect(page).toContain(message.en);
      expect(page).toContain(message['zh-CN']);
    }
    for (const code of Object.keys(FIELD_RULES)) expect(page).toContain(`| \`${code}\` |`);
  });
});
