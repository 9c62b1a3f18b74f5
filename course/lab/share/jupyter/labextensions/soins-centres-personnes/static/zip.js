// A ZIP archive of small files, stored without compression (APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).

const UTF8_NAMES = 0x0800;
const VERSION = 20;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Little-endian fields: `[bytes, value]` pairs, in order. */
function fields(...pairs) {
  const view = new DataView(new ArrayBuffer(pairs.reduce((size, [width]) => size + width, 0)));
  let offset = 0;
  for (const [width, value] of pairs) {
    if (width === 2) view.setUint16(offset, value, true);
    else view.setUint32(offset, value, true);
    offset += width;
  }
  return new Uint8Array(view.buffer);
}

const day = (date) => ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
const time = (date) => (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);

/**
 * One archive.
 *
 * @param {{name: string, bytes: Uint8Array, date: Date}[]} files Names with `/` between folders; dates from 1980 on.
 * @returns {Blob} The archive.
 */
export function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes, date } of files) {
    const path = new TextEncoder().encode(name);
    const common = [
      [2, VERSION], [2, UTF8_NAMES], [2, 0], [2, time(date)], [2, day(date)],
      [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0],
    ];
    parts.push(fields([4, 0x04034b50], ...common), path, bytes);
    directory.push(
      fields([4, 0x02014b50], [2, VERSION], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
      path,
    );
    offset += 30 + path.length + bytes.length;
  }
  const size = directory.reduce((total, part) => total + part.length, 0);
  const count = files.length;
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
