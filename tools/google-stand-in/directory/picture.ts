import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

export const thumbnailSide = 96;

const cells = 6;

/** A symmetric pattern as PNG, always the same for the same number and side. */
export function drawPicture(seed: number, side: number): Buffer {
  const bits = createHash('sha256').update(`picture ${seed}`).digest();
  const palette = Buffer.from([...bits.subarray(0, 3).map((byte) => 60 + (byte >> 1)), 244, 244, 244]);
  const rows = Buffer.alloc(side * (side + 1));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const column = Math.floor((x * cells) / side);
      const row = Math.floor((y * cells) / side);
      const mirrored = Math.min(column, cells - 1 - column);
      const filled = (bits[4 + row * 3 + mirrored] ?? 0) & 1;
      rows[y * (side + 1) + 1 + x] = filled ? 0 : 1;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}
