import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** 256 random bits, URL-safe, after a prefix by which people and secret scanners recognise it. */
export const newOpaqueToken = (prefix = ''): string => `${prefix}${randomBytes(TOKEN_BYTES).toString('base64url')}`;

/** What is stored of a token. A fast hash is enough: there is nothing to guess in 256 random bits. */
export const hashOpaqueToken = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');
