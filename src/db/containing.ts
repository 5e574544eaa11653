/** The pattern of `like` for texts that contain this one, letter by letter. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
