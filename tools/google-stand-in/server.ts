import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { answerApi } from './api/api.ts';
import { ApiError } from './api/api-error.ts';
import { controlPath, createControlEndpoint } from './control/control-endpoint.ts';
import { answerPicture } from './directory/photos.ts';
import type { Fault } from './faults.ts';
import { type Answer, json, type Request, redirect } from './http/exchange.ts';
import { answerOpenIdUserInfo, answerRevoke, answerTokenInfo } from './oauth/account-endpoints.ts';
import { answerAuthorization, signInPaths } from './oauth/authorization-endpoint.ts';
import { OAuthError } from './oauth/oauth-error.ts';
import { answerCertificates, answerOpenIdConfiguration } from './oauth/published-documents.ts';
import { answerToken } from './oauth/token-endpoint.ts';
import type { World } from './world.ts';

type Handler = (world: World, request: Request) => Answer;

const bodyMaxBytes = 64 * 1024 * 1024;
const gzipFromBytes = 1_024;
const compress = promisify(gzip);

const oauthPaths = new Set(['/token', '/revoke', '/tokeninfo']);

const routes: Record<string, Handler> = {
  'GET /o/oauth2/v2/auth': answerAuthorization,
  [`GET ${signInPaths.account}`]: answerAuthorization,
  [`POST ${signInPaths.account}`]: answerAuthorization,
  [`GET ${signInPaths.consent}`]: answerAuthorization,
  [`POST ${signInPaths.consent}`]: answerAuthorization,
  'POST /token': answerToken,
  'POST /revoke': answerRevoke,
  'GET /tokeninfo': answerTokenInfo,
  'POST /tokeninfo': answerTokenInfo,
  'GET /v1/userinfo': answerOpenIdUserInfo,
  'POST /v1/userinfo': answerOpenIdUserInfo,
  'GET /oauth2/v3/certs': (world) => answerCertificates(world, 'jwks'),
  'GET /oauth2/v1/certs': (world) => answerCertificates(world, 'pems'),
  'GET /.well-known/openid-configuration': answerOpenIdConfiguration,
};

/** The HTTP server: control API, faults, then Google's endpoints. It answers requests for loopback hosts only. */
export function createGoogleServer(world: World) {
  const control = createControlEndpoint(world);

  return createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      if (response.destroyed) return;
      console.error('google stand-in:', error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end('the stand-in failed; see its output');
    });
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    if (!request || !isLoopbackHost(request.headers.host))
      return send(response, request, json(403, { error: 'loopback only' }));
    if (request.path.startsWith(controlPath)) {
      const { origin } = request.headers;
      const foreign = origin !== undefined && origin !== world.origin;
      return send(response, request, foreign ? json(403, { error: 'not from a page' }) : await control(request));
    }
    const fault = world.faults.strike(request);
    if (fault?.delayMs) await setTimeout(fault.delayMs, undefined, { ref: false });
    if (fault?.kind === 'drop-before-answer') return drop(request, response);
    const answer = fault?.kind === 'error' ? faultAnswer(world, request, fault) : answerOf(world, request);
    switch (fault?.kind) {
      case 'lose-answer':
        return drop(request, response);
      case 'drop-mid-body':
        world.log.add(request, 'dropped');
        return sendHalf(response, answer);
      case 'redirect':
        return finish(request, response, redirect(302, fault.location));
      case 'empty-listing':
        return finish(request, response, answer.listing ? { ...answer, body: answer.listing.kept(0) } : answer);
      case 'truncated-listing':
        return finish(
          request,
          response,
          answer.listing ? { ...answer, body: answer.listing.kept(fault.keep) } : answer,
        );
      default:
        return finish(request, response, answer);
    }
  }

  function drop(request: Request, response: ServerResponse): void {
    world.log.add(request, 'dropped');
    response.destroy();
  }

  async function finish(request: Request, response: ServerResponse, answer: Answer): Promise<void> {
    await send(response, request, answer);
    world.log.add(request, answer.status);
  }
}

function answerOf(world: World, request: Request): Answer {
  try {
    const handler = routes[`${request.method} ${request.path}`];
    if (handler) return handler(world, request);
    const match = world.discovery.find(request.method, request.path);
    if (match) return answerApi(world, request, match);
    const picture = request.method === 'GET' ? answerPicture(world, request) : undefined;
    if (picture) return picture;
    world.violate('request', request, 'Google has no such path');
    return new ApiError({ status: 404, reason: 'notFound', message: 'Not Found' }).toAnswer();
  } catch (error) {
    if (error instanceof ApiError || error instanceof OAuthError) return error.toAnswer();
    throw error;
  }
}

function faultAnswer(world: World, request: Request, fault: Extract<Fault, { kind: 'error' }>): Answer {
  const headers = fault.retryAfterHeader ? { 'retry-after': fault.retryAfterHeader } : {};
  if (fault.body !== undefined)
    return {
      status: fault.status,
      headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
      body: fault.body,
    };
  const reason = fault.reason ?? (oauthPaths.has(request.path) ? 'internal_failure' : 'backendError');
  const time = new Date(world.clock.now() + (fault.retryAfterMs ?? 0)).toISOString();
  const message = (fault.message ?? 'Backend Error').replaceAll('{retryAfter}', time);
  if (oauthPaths.has(request.path)) {
    const { errorSubtype: subtype } = fault;
    return new OAuthError({
      status: fault.status,
      error: reason,
      description: message,
      ...(subtype && { subtype }),
    }).toAnswer();
  }
  const domain = fault.domain ?? (/limit|quota/i.test(reason) ? 'usageLimits' : 'global');
  return new ApiError({ status: fault.status, reason, message, domain, headers }).toAnswer();
}

async function read(incoming: IncomingMessage): Promise<Request | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyMaxBytes) return undefined;
    chunks.push(chunk);
  }
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

/** Compressed as Google does it: only when the user agent says gzip as well. */
async function send(response: ServerResponse, request: Request | undefined, answer: Answer): Promise<void> {
  const headers: Record<string, string | number> = { ...answer.headers };
  let body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const wanted =
    /\bgzip\b/.test(String(request?.headers['accept-encoding'] ?? '')) &&
    /gzip/i.test(request?.headers['user-agent'] ?? '');
  if (body && wanted && body.length >= gzipFromBytes) {
    body = await compress(body, { level: constants.Z_BEST_SPEED });
    headers['content-encoding'] = 'gzip';
    headers.vary = 'Accept-Encoding';
  }
  if (answer.status !== 204 && answer.status !== 304) headers['content-length'] = body?.length ?? 0;
  response.writeHead(answer.status, headers);
  response.end(body);
}

/** The head and half of the body, then the connection is cut. */
function sendHalf(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

function isLoopbackHost(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}
