/** 3 to 13 digits, no leading zero. */
export const SMALLEST_NUMBER = 100;
export const LARGEST_NUMBER = 9_999_999_999_999;

/** Call announcement, call park, voicemail and monitor of the PBX. */
export const RESERVED_NUMBERS: readonly number[] = [555, 666, 777, 888];

/** What a number of the PBX can belong to, besides a user. */
export const NUMBER_OWNERS = ['ring-group', 'queue', 'conference', 'virtual-receptionist', 'other'] as const;
export type NumberOwner = (typeof NUMBER_OWNERS)[number];
