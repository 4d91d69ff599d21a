// Do the pages tell the truth where a machine can tell? Files they name are there, links lead somewhere, commands they
// promise exist, and the first payment is the one that `npm start` prints.
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { congestion, firstPayment, newestPayment } from './lib/welcome.cjs';

const root = path.join(__dirname, '..');
// docs/design is the plan and its research: it names what is still to come, and other projects' files.
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).filter((page) => !page.startsWith('docs/design/'));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names only files that are there', () => {
    const named = matches(text, /`((?:apps|libs|scripts|bench|load-tests|docs)\/[\w./-]+\.\w+)`/g);
    expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('links only to pages that are there', () => {
    const links = matches(text, /\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
    expect(links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)))).toEqual([]);
  });

  it('promises only commands that exist, or says which issue brings them', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const problems: string[] = [];
    for (const line of text.split('\n')) {
      const coming = /coming, issue \d/.test(line);
      for (const name of matches(line, /\bnpm (?:run (?:-s )?)?((?<=run )[\w:-]+|start|stop|test)\b/g)) {
        if (coming && name in scripts) problems.push(`${name} is there: remove "coming, issue …" from the line`);
        if (!coming && !(name in scripts)) problems.push(`${name} is not in package.json: say "coming, issue …"`);
      }
    }
    expect(problems).toEqual([]);
  });
});

it('keeps no picture that no page shows', () => {
  const shown = pages.flatMap((page) =>
    matches(read(page), /!\[[^\]]*\]\(([^)]+)\)/g).map((link) => path.join(path.dirname(page), link)),
  );
  expect(globSync('docs/pictures/*', { cwd: root }).filter((picture) => !shown.includes(picture))).toEqual([]);
});

describe('README.md', () => {
  it('shows the lines that `npm start` prints, with the names of run.json where your keys will be', () => {
    const run = {
      urls: { api: 'http://127.0.0.1:3000', bank_simulator: '<urls.bank_simulator>' },
      keys: { merchant: { api_key: '<keys.merchant.api_key>' } },
      tokens: { ok: '<tokens.ok>' },
    };
    expect(read('README.md')).toContain(firstPayment(run));
    expect(read('README.md')).toContain(newestPayment(run));
    expect(read('README.md')).toContain(congestion(run));
  });
});
