import { randomBytes } from 'node:crypto';
import type { ApiCall } from '../api/api-call.ts';
import { ApiError, invalidArgument } from '../api/api-error.ts';
import { parseBody } from '../api/request-check.ts';
import type { Answer } from '../http/exchange.ts';
import type { SentMail } from './mailbox.ts';

export type Upload = { raw: Buffer; metadata: Record<string, unknown>; via: SentMail['via'] };

/** Reads a media, multipart or resumable upload; an answer when a resumable one is not complete yet. */
export function readUpload(call: ApiCall): Upload | { answer: Answer } {
  const { query, request, method } = call;
  const type = request.headers['content-type'] ?? '';
  switch (query.get('uploadType')) {
    case 'media':
      requireMessageType(type);
      return { raw: limited(call, request.body), metadata: {}, via: 'media' };
    case 'multipart': {
      const { metadata, media } = splitRelated(type, request.body);
      requireMessageType(media.type);
      return {
        raw: limited(call, media.body),
        metadata: parseBody(method, metadata.type, metadata.body),
        via: 'multipart',
      };
    }
    case 'resumable':
      return resume(call);
    default:
      throw invalidArgument('Invalid upload request: uploadType must be media, multipart or resumable', 'uploadType');
  }
}

function resume(call: ApiCall): Upload | { answer: Answer } {
  const { world, request, query, person, method } = call;
  const id = query.get('upload_id');
  if (!id) {
    const upload = { id: randomBytes(30).toString('base64url'), accountId: person.id, received: Buffer.alloc(0) };
    requireMessageType(String(request.headers['x-upload-content-type'] ?? 'message/rfc822'));
    world.mailbox.uploads.set(upload.id, {
      ...upload,
      metadata: parseBody(method, request.headers['content-type'], request.body),
    });
    const location = new URL(request.path, world.origin);
    location.search = new URLSearchParams({ uploadType: 'resumable', upload_id: upload.id }).toString();
    return { answer: { status: 200, headers: { location: location.href, 'x-guploader-uploadid': upload.id } } };
  }
  const upload = world.mailbox.uploads.get(id);
  if (!upload || upload.accountId !== person.id)
    throw new ApiError({ status: 404, reason: 'notFound', message: 'Not Found' });
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(String(request.headers['content-range'] ?? ''));
  if (range?.[1] !== undefined && Number(range[1]) !== upload.received.length)
    throw invalidArgument('Invalid Content-Range: bytes are missing');
  upload.received = limited(call, Buffer.concat([upload.received, request.body]));
  const complete = !range || (range[3] !== '*' && upload.received.length === Number(range[3]));
  if (complete) {
    world.mailbox.uploads.delete(id);
    return { raw: upload.received, metadata: upload.metadata, via: 'resumable' };
  }
  const last = upload.received.length - 1;
  return { answer: { status: 308, headers: last < 0 ? {} : { range: `bytes=0-${last}` } } };
}

function limited({ method }: ApiCall, raw: Buffer): Buffer {
  if (method.uploadMaxBytes !== undefined && raw.length > method.uploadMaxBytes) {
    throw new ApiError({
      status: 413,
      reason: 'uploadTooLarge',
      message: `Request is too large: the limit is ${method.uploadMaxBytes} bytes`,
    });
  }
  return raw;
}

function requireMessageType(type: string): void {
  if (/^message\//i.test(type)) return;
  throw new ApiError({
    status: 400,
    reason: 'badContent',
    message: `Media type '${type}' is not supported. Valid media types: [message/*]`,
  });
}

type Part = { type: string; body: Buffer };

function splitRelated(type: string, body: Buffer): { metadata: Part; media: Part } {
  const [, quoted, plain] = /^multipart\/related\b.*?;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  const mark = new RegExp(`\\r?\\n--${(boundary ?? '').replaceAll(/[^A-Za-z0-9]/g, '\\$&')}`);
  const [, metadata, media, end] = boundary ? `\r\n${body.toString('latin1')}`.split(mark) : [];
  if (metadata === undefined || media === undefined || !end?.startsWith('--'))
    throw invalidArgument('Malformed multipart body.');
  return { metadata: partOf(metadata), media: partOf(media) };
}

function partOf(text: string): Part {
  const blank = /\r?\n\r?\n/.exec(text);
  if (!blank) throw invalidArgument('Malformed multipart body.');
  const head = text.slice(0, blank.index);
  const type = /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1] ?? '';
  return { type, body: Buffer.from(text.slice(blank.index + blank[0].length), 'latin1') };
}
