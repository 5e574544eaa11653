import { describe, expect, it } from '@jest/globals';
import { checkCredentials } from '../../../src/authorization/credentials.ts';
import type { AppError } from '../../../src/errors.ts';

const CLIENT_ID = '1234-abc_d.apps.googleusercontent.com';
const SECRET = 'GOCSPX-0123456789abcdef';

const problemsOf = (clientId: string, clientSecret: string) => {
  try {
    checkCredentials({ clientId, clientSecret });
  } catch (error) {
    return Object.fromEntries((error as AppError).fields.map(({ field, message }) => [field, message]));
  }
  return {};
};

describe('credentials', () => {
  it('are taken without the blanks that came along', () => {
    expect(checkCredentials({ clientId: `  ${CLIENT_ID}\n`, clientSecret: `\t${SECRET} ` })).toEqual({
      clientId: CLIENT_ID,
      clientSecret: SECRET,
    });
  });

  it.each([
    ['', 'Paste the client id'],
    ['1234-abc', '.apps.googleusercontent.com'],
    ['ada@example.com', 'e-mail address'],
    ['1234.apps.googleusercontent.com.evil.com', '.apps.googleusercontent.com'],
    ['12 34.apps.googleusercontent.com', '.apps.googleusercontent.com'],
    ['https://x.apps.googleusercontent.com', '.apps.googleusercontent.com'],
  ])('name the fix for the client id “%s”', (clientId, part) => {
    expect(problemsOf(clientId, SECRET)).toEqual({ clientId: expect.stringContaining(part) });
  });

  it.each([
    ['', 'Paste the client secret'],
    ['short', '8 to 256'],
    ['with a blank in it', '8 to 256'],
    ['{"web":{"client_secret":"x"}}', 'JSON file'],
    ['{ "web": {} }', 'JSON file'],
  ])('name the fix for the secret “%s”', (secret, part) => {
    expect(problemsOf(CLIENT_ID, secret).clientSecret).toContain(part);
  });

  it('name every wrong field at once, and never repeat the secret', () => {
    const problems = problemsOf('x', 'my secret value');
    expect(Object.keys(problems)).toEqual(['clientId', 'clientSecret']);
    expect(JSON.stringify(problems)).not.toContain('my secret value');
  });
});
