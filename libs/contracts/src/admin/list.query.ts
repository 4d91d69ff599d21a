/** The queries of operators' lists: everything is text there. */
import { CHANNEL_HOLDS } from '#domain';
import { Is, Optional } from '../input/field-decorators';
import { matches } from '../input/values';

const PAGE_LENGTH = /^(?:[1-9][0-9]?|100)$/;
const TARGET = /^[a-z0-9]{2,12}(?:\.[a-z]{2,12})?$/;
const NUMBER = /^[1-9][0-9]{0,14}$/;
/** Longest actor, action or subject that is looked for: names of operators are free text. */
const FILTER = /^[^\p{Cc}]{1,128}$/u;

/** The number in an id such as `ord_31`; null: the text is no such id. */
export function numberOf(prefix: string, id: string): number | null {
  const digits = id.startsWith(`${prefix}_`) ? id.slice(prefix.length + 1) : '';
  return NUMBER.test(digits) ? Number(digits) : null;
}

const isId = (prefix: string) => (value: unknown) => typeof value === 'string' && numberOf(prefix, value) !== null;

/** Of `GET /v1/admin/channels/{id}/limits/revisions`. */
export class ListRevisionsQuery {
  @Optional()
  @Is('limit', matches(PAGE_LENGTH))
  limit?: string;

  /** A revision's number. */
  @Optional()
  @Is('limit_revision', matches(/^[1-9][0-9]{0,8}$/))
  starting_after?: string;
}

/** Of `GET /v1/admin/orders`. */
export class ListOrdersQuery {
  @Optional()
  @Is('open', matches(/^(?:true|false)$/))
  open?: string;

  @Optional()
  @Is('order_target', matches(TARGET))
  target?: string;

  @Optional()
  @Is('hold', (value) => CHANNEL_HOLDS.some((hold) => hold === value && hold !== 'maintenance'))
  hold?: string;

  @Optional()
  @Is('limit', matches(PAGE_LENGTH))
  limit?: string;

  @Optional()
  @Is('order_id', isId('ord'))
  starting_after?: string;
}

/** Of `GET /v1/admin/maintenance_windows`. */
export class ListWindowsQuery {
  @Optional()
  @Is('open', matches(/^(?:true|false)$/))
  open?: string;

  @Optional()
  @Is('order_target', matches(TARGET))
  target?: string;

  @Optional()
  @Is('limit', matches(PAGE_LENGTH))
  limit?: string;

  @Optional()
  @Is('window_id', isId('mwn'))
  starting_after?: string;
}

/** Of `GET /v1/admin/audit`. */
export class ListAuditQuery {
  @Optional()
  @Is('audit_filter', matches(FILTER))
  subject?: string;

  @Optional()
  @Is('audit_filter', matches(FILTER))
  action?: string;

  @Optional()
  @Is('audit_filter', matches(FILTER))
  actor?: string;

  @Optional()
  @Is('limit', matches(PAGE_LENGTH))
  limit?: string;

  @Optional()
  @Is('audit_entry', isId('aud'))
  starting_after?: string;
}

/** Entries of a page where nobody says how many. */
export const ADMIN_LIST_LIMIT_DEFAULT = 50;
