import { isSystem } from '../contracts/ids.ts';
import { normaliseScopes, SCOPES } from '../google/scopes.ts';

/** Asked for only when the level uses it. */
export type OptionalFeature = 'groups' | 'orgUnits' | 'largePhotos';

/** What a grant is good for. */
export type Feature = 'mail' | 'userSync' | 'photos' | 'signIn' | OptionalFeature;

const NEEDED: Readonly<Record<Feature, readonly string[]>> = {
  mail: [SCOPES.gmailSend],
  userSync: [SCOPES.directoryUsers],
  photos: [SCOPES.directoryUsers],
  groups: [SCOPES.directoryGroups],
  orgUnits: [SCOPES.directoryOrgUnits],
  largePhotos: [SCOPES.directoryProfiles],
  signIn: [SCOPES.openid, SCOPES.email, SCOPES.profile],
};

/** Who consented is learnt from the ID token, on every level. */
const ALWAYS = [SCOPES.openid, SCOPES.email, SCOPES.profile];

export const FEATURE_NAMES: Readonly<Record<Feature, string>> = {
  mail: 'mail',
  userSync: 'user sync',
  photos: 'photos',
  groups: 'groups',
  orgUnits: 'organizational units',
  largePhotos: 'larger photos',
  signIn: 'sign-in',
};

/** The system level sends mail and does nothing else. */
export const featuresOf = (tenantId: string, wanted: readonly OptionalFeature[]): readonly Feature[] =>
  isSystem(tenantId) ? ['mail'] : ['mail', 'userSync', 'photos', ...wanted, 'signIn'];

/** What the consent page asks for: exactly what the features of that level need, optional ones when they are wanted. */
export const scopesToAsk = (tenantId: string, wanted: readonly OptionalFeature[]): string[] =>
  normaliseScopes([...ALWAYS, ...featuresOf(tenantId, wanted).flatMap((feature) => NEEDED[feature])]);

export interface FeatureHealth {
  readonly feature: Feature;
  readonly state: 'ready' | 'lacking';
  readonly neededScopes: readonly string[];
  readonly missingScopes: readonly string[];
}

/** What a feature lacks of what was granted. */
export const missingScopes = (feature: Feature, granted: readonly string[]): string[] =>
  NEEDED[feature].filter((scope) => !granted.includes(scope));

export const featureHealth = (
  tenantId: string,
  wanted: readonly OptionalFeature[],
  granted: readonly string[],
): FeatureHealth[] =>
  featuresOf(tenantId, wanted).map((feature) => {
    const missing = missingScopes(feature, granted);
    return {
      feature,
      state: missing.length === 0 ? 'ready' : 'lacking',
      neededScopes: NEEDED[feature],
      missingScopes: missing,
    };
  });
