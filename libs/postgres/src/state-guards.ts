/**
 * The tables of legal moves, rendered into triggers: PostgreSQL refuses a move that `#domain` does not list, whoever asks.
 * Rendered anew by every migration, so code and database cannot disagree.
 */
import { STATE_TABLES, type StateTable } from '#domain';

/** SQL that (re)creates the guards. */
export function renderStateGuards(): string {
  return STATE_TABLES.map(guard).join('\n');
}

function guard({ moves, relation: table }: StateTable): string {
  const legal = Object.entries(moves).flatMap(([from, tos]) => tos.map((to) => `'${from}>${to}'`));
  return `
create or replace function ${table}_refuse_state() returns trigger language plpgsql as $$
begin
  raise exception '%: % may not go from % to %', tg_table_name, old.payment_id, old.state, new.state using errcode = 'check_violation';
end $$;
create or replace trigger ${table}_moves_are_legal before update on ${table} for each row
  when (old.state <> new.state and (old.state || '>' || new.state) not in (${legal.join(', ')}))
  execute function ${table}_refuse_state();`;
}
