import { createRequire } from 'node:module';

// Temporal's own `historyToJSON` fails when npm lays protobufjs out once for each of its packages: one copy does not
// know the types of another. This takes the copy that the types were made with.

interface Protobuf {
  toJson(type: unknown, message: unknown): unknown;
  fromJson(type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }): unknown;
}

const ofTheSdk = createRequire(createRequire(import.meta.url).resolve('@temporalio/common'));
const { toJson, fromJson } = createRequire(ofTheSdk.resolve('@temporalio/proto'))(
  'protobufjs/ext/protojson',
) as Protobuf;
const root = ofTheSdk('@temporalio/proto') as { lookupType(name: string): unknown };
const historyType = root.lookupType('temporal.api.history.v1.History');

/** A history in the JSON that Temporal's other tools read and write. */
export const historyToJson = (history: unknown): unknown => toJson(historyType, history);
export const historyFromJson = (json: unknown): unknown => fromJson(historyType, json, { ignoreUnknownFields: true });
