/** Why something is as it is: stored with what it explains, and rendered at the edge. */

/** A coded reason with its facts: for people in both languages it is rendered at the edge. */
export interface Reason {
  readonly code: string;
  readonly [fact: string]: string | number | boolean | null;
}
