import { describe, expect, it } from '@jest/globals';
import { chooseRedirectUri, redirectUriProblems, redirectUris } from '../../../src/authorization/redirect-uris.ts';

const problemsOf = (publicUrl: string, sbcUrl?: string) => redirectUriProblems({ publicUrl, sbcUrl });

describe('redirect URIs', () => {
  it('are one for the PBX and one for its SBC, without repeating themselves', () => {
    expect(redirectUris({ publicUrl: 'https://pbx.example.com', sbcUrl: 'https://sbc.example.com' })).toEqual([
      'https://pbx.example.com/google/callback',
      'https://sbc.example.com/google/callback',
    ]);
    expect(redirectUris({ publicUrl: 'https://a.example.com', sbcUrl: 'https://a.example.com' })).toHaveLength(1);
  });

  it.each([
    'https://pbx.example.com',
    'https://pbx.example.co.uk:8443',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])('pass as Google would let them: %s', (publicUrl) => {
    expect(problemsOf(publicUrl)).toEqual([]);
  });

  it.each([
    ['http://pbx.example.com', 'https'],
    ['https://192.168.1.10', 'IP address'],
    ['https://[fd00::1]', 'IP address'],
    ['https://pbx.local', 'public domain'],
    ['https://pbx.lan', 'public domain'],
    ['https://pbx.internal', 'public domain'],
    ['https://pbx', 'public domain'],
    ['https://pbx.googleusercontent.com', 'name of its own'],
  ])('are warned about with the fix: %s', (publicUrl, part) => {
    const [problem] = problemsOf(publicUrl);
    expect(problem?.message).toContain(part);
    expect(problem?.message).toContain('PUBLIC_URL');
  });

  it('name the variable of the one that is wrong', () => {
    const problems = problemsOf('https://pbx.example.com', 'https://10.0.0.1');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('SBC_URL');
  });

  it('are chosen from ours by exact match only', () => {
    const origins = { publicUrl: 'https://pbx.example.com', sbcUrl: 'https://sbc.example.com' };
    expect(chooseRedirectUri(origins, undefined)).toBe('https://pbx.example.com/google/callback');
    expect(chooseRedirectUri(origins, 'https://sbc.example.com/google/callback')).toContain('sbc.');
    for (const foreign of [
      'https://evil.example.com/google/callback',
      'https://pbx.example.com/google/callback/',
      '',
    ]) {
      expect(() => chooseRedirectUri(origins, foreign)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
    }
  });
});
