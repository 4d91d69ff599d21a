// The floors as a table, for ARCHITECTURE.md.
//
// `node scripts/floors-table.cjs` writes it between the two marks in ARCHITECTURE.md; floors.spec.ts
// fails while page and object differ.
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { floors } = require('../floors.cjs');

const BEGIN = '<!-- floors: made by scripts/floors-table.cjs from floors.cjs -->';
const END = '<!-- /floors -->';
const PAGE = path.join(__dirname, '..', 'ARCHITECTURE.md');

const everyLib = floors.filter((floor) => floor.where.startsWith('libs/') && !floor.specsOnly).map(({ name }) => name);

/** "domain, policy (types)", or the shorter "every lib but connectors" where the list would hide the point. */
function importsInWords({ mayImport, typesOnly }) {
  if (mayImport.length === 0) return 'nothing of ours';
  const missing = everyLib.filter((name) => !mayImport.includes(name));
  const more = mayImport.filter((name) => !everyLib.includes(name));
  if (missing.length === 0) return ['every lib above', ...more].join(', ');
  if (missing.length === 1) return [`every lib above but ${missing[0]}`, ...more].join(', ');
  return mayImport.map((name) => (typesOnly.includes(name) ? `${name} (types)` : name)).join(', ');
}

function outsideInWords({ packages, node }) {
  const names = packages === 'any' ? 'packages' : packages.map((name) => `\`${name}\``).join(', ');
  return [names, node ? 'Node' : ''].filter(Boolean).join(', ') || 'none, nothing of Node';
}

function floorsTable() {
  const rows = floors.map(
    (floor) =>
      `| ${floor.floor} | \`${floor.where}\` | ${floor.what} | ${importsInWords(floor)} | ${outsideInWords(floor)} |`,
  );
  return ['| floor | where | what | may import | packages, Node |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** The page with a fresh table; throws when the marks are gone, since then nobody would notice a stale one. */
function withTable(page) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`ARCHITECTURE.md needs the marks "${BEGIN}" and "${END}"`);
  return `${page.slice(0, begin)}${BEGIN}\n${floorsTable()}\n${page.slice(end)}`;
}

if (require.main === module) writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8')));

module.exports = { floorsTable, withTable, PAGE };
