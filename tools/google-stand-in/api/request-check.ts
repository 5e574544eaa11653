import { ApiError, invalidArgument } from './api-error.ts';
import type { ApiMethod, Parameter } from './discovery.ts';
import { mismatches } from './schema-check.ts';

/** Sent along by the parts of a resumable upload; not in the discovery documents. */
const uploadParameters = new Set(['upload_id']);

/** Refuses what Google refuses: unknown or repeated parameters, wrong types, enums and ranges, missing ones. */
export function checkParameters(method: ApiMethod, path: Record<string, string>, query: URLSearchParams): void {
  for (const name of new Set(query.keys())) {
    if (method.uploadMaxBytes !== undefined && uploadParameters.has(name)) continue;
    const parameter = method.parameters[name];
    if (parameter?.location !== 'query') {
      throw invalidArgument(
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`,
      );
    }
    const values = query.getAll(name);
    if (values.length > 1 && !parameter.repeated) throw invalidArgument(`Repeated parameter: ${name}`, name);
    for (const value of values) checkValue(name, value, parameter);
  }
  for (const [name, parameter] of Object.entries(method.parameters)) {
    if (!parameter.required) continue;
    const given = parameter.location === 'path' ? path[name] : query.get(name);
    if (given) continue;
    throw new ApiError({
      status: 400,
      reason: 'required',
      message: `Required parameter: ${name}`,
      location: { type: 'parameter', name },
    });
  }
}

function checkValue(name: string, value: string, parameter: Parameter): void {
  if (parameter.enum && !parameter.enum.includes(value)) {
    throw invalidArgument(`Invalid value at '${name}' (TYPE_ENUM), "${value}"`, name);
  }
  if (parameter.type === 'boolean' && value !== 'true' && value !== 'false') {
    throw invalidArgument(`Invalid value at '${name}' (TYPE_BOOL), "${value}"`, name);
  }
  if (parameter.type !== 'integer') return;
  if (!/^-?\d+$/.test(value)) throw invalidArgument(`Invalid value at '${name}' (TYPE_INT32), "${value}"`, name);
  const minimum = Number(parameter.minimum ?? Number.NEGATIVE_INFINITY);
  const maximum = Number(parameter.maximum ?? Number.POSITIVE_INFINITY);
  if (Number(value) < minimum || Number(value) > maximum) {
    throw invalidArgument(`Invalid value '${value}'. Values must be within the range: [${minimum}, ${maximum}]`, name);
  }
}

/** Parses a JSON body and refuses fields that the method's request schema does not have. */
export function parseBody(method: ApiMethod, contentType: string | undefined, body: Buffer): Record<string, unknown> {
  if (!method.request || body.length === 0) return {};
  if (!/^application\/json\b/i.test(contentType ?? '')) {
    throw new ApiError({
      status: 415,
      reason: 'badContent',
      message: `Media type '${contentType ?? ''}' is not supported. Valid media types: [application/json]`,
    });
  }
  const value = parseJson(body);
  const wrong = mismatches(value, method.request, method.schemas)[0];
  if (wrong?.problem === 'unknown') {
    const [name, parent] = splitLast(wrong.at);
    throw invalidArgument(
      `Invalid JSON payload received. Unknown name "${name}"${parent && ` at '${parent}'`}: Cannot find field.`,
    );
  }
  if (wrong) throw invalidArgument(`Invalid value at '${wrong.at}'`);
  return value as Record<string, unknown>;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError({ status: 400, reason: 'parseError', message: 'Parse Error' });
  }
}

function splitLast(at: string): [string, string] {
  const dot = at.lastIndexOf('.');
  return dot < 0 ? [at, ''] : [at.slice(dot + 1), at.slice(0, dot)];
}
