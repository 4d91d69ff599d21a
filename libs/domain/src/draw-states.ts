/** docs/states.md, drawn from the tables themselves: a picture (Mermaid) and the list behind it. */
import { STATE_TABLES, type StateTable } from './state-tables';

const HEAD = `# States 状态

Made by \`npm run states\` from the tables in \`libs/domain/src\`; PostgreSQL refuses every other move, and a spec holds this page to them.
由 \`npm run states\` 根据 \`libs/domain/src\` 中的状态表生成；其他任何迁移都会被 PostgreSQL 拒绝。

A state without an arrow out of it is final. An event that changes no state is always legal.
没有出边的状态为终态；不改变状态的事件始终合法。
`;

/** The whole page. */
export function drawStates(tables: readonly StateTable[] = STATE_TABLES): string {
  return [HEAD, ...tables.map(section)].join('\n');
}

function section({ of, initial, moves }: StateTable): string {
  const arrows = Object.entries(moves).flatMap(([from, tos]) => tos.map((to) => `  ${from} --> ${to}`));
  const ends = Object.keys(moves)
    .filter((state) => moves[state]!.length === 0)
    .map((state) => `  ${state} --> [*]`);
  const picture = ['```mermaid', 'stateDiagram-v2', `  [*] --> ${initial}`, ...arrows, ...ends, '```'];
  return [`## ${of}`, '', ...picture, ''].join('\n');
}
