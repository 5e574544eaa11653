/** By which rules (a fingerprint of scope, leavers and link by e-mail) people were judged, as far as it is known. */
export interface RulesHistory {
  /** The rules of the plan that is being made. */
  readonly current: string;
  /** The rules of the newest run that was applied with nothing held for this reason; null: there is none yet. */
  readonly lastApplied: string | null;
  /** The rules of the newest preview that was finished after that run; null: there is none. */
  readonly lastPreviewed: string | null;
}

/**
 * Whether removals of people who are out of scope wait for an administrator, because the settings were changed and
 * nobody has looked at a preview of what the change does. Removals for any other reason are not meant.
 */
export const mustPreviewScope = ({ current, lastApplied, lastPreviewed }: RulesHistory): boolean =>
  current !== lastApplied && current !== lastPreviewed;
