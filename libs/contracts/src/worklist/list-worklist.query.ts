/** The query of `GET /v1/admin/worklist`: everything is text there. */
import { Is, Optional } from '../input/field-decorators';
import { matches } from '../input/values';

export const WORKLIST_LIMIT_DEFAULT = 50;

const ITEM_ID = /^wrk_([1-9][0-9]{0,14})$/;

/** The number in an item's id, or null where the text is none. */
export function worklistNumber(id: string): number | null {
  const [, digits] = ITEM_ID.exec(id) ?? [];
  return digits === undefined ? null : Number(digits);
}

export class ListWorklistQuery {
  @Optional()
  @Is('open', matches(/^(?:true|false)$/))
  open?: string;

  @Optional()
  @Is('limit', matches(/^(?:[1-9][0-9]?|100)$/))
  limit?: string;

  @Optional()
  @Is('worklist_item', matches(ITEM_ID))
  starting_after?: string;
}
