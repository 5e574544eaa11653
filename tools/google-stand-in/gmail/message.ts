/** The headers of an RFC 5322 message, unfolded, in order, and its body as it came. */
export type ParsedMessage = { headers: { name: string; value: string }[]; body: string };

/** Reads bytes as Latin-1, so that writing them back changes nothing. Undefined when there is no header at all. */
export function parseMessage(raw: Buffer): ParsedMessage | undefined {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text.replace(/\r?\n$/, '');
  const headers: ParsedMessage['headers'] = [];
  for (const line of head.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    if (colon < 1 || /\s/.test(line.slice(0, colon))) return undefined;
    headers.push({
      name: line.slice(0, colon),
      value: line
        .slice(colon + 1)
        .replaceAll(/\r?\n[ \t]+/g, ' ')
        .trim(),
    });
  }
  return { headers, body: end ? text.slice(end.index + end[0].length) : '' };
}

export function writeMessage({ headers, body }: ParsedMessage): Buffer {
  return Buffer.from(`${headers.map(({ name, value }) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

export function headerOf({ headers }: ParsedMessage, name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;
}

/** The addresses of an address list; undefined when one is malformed. */
export function addressesOf(list: string): string[] | undefined {
  const addresses: string[] = [];
  for (const part of splitList(list)) {
    const address = (/<([^<>]*)>\s*$/.exec(part)?.[1] ?? part).trim();
    if (!/^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+$/.test(address)) return undefined;
    addresses.push(address);
  }
  return addresses;
}

function splitList(list: string): string[] {
  const parts = list.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,])+/g) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** Encoded words (RFC 2047) as text, for reading. */
export function decodeHeader(value: string): string {
  const utf8 = Buffer.from(value, 'latin1').toString('utf8');
  return utf8
    .replaceAll(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replaceAll(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (word, charset: string, encoding: string, text: string) => {
      if (!/^(utf-?8|us-ascii|iso-8859-1)$/i.test(charset)) return word;
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : quotedBytes(text);
      return bytes.toString(/8859/.test(charset) ? 'latin1' : 'utf8');
    });
}

function quotedBytes(text: string): Buffer {
  const plain = text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
