/**
 * The zip that yazl 3.3 writes with the options of FORMATS, computed anew from names, sizes and checksums: what a
 * bundle's container is compared with. Field names follow APPNOTE.TXT 6.3.10.
 */

/** One stored entry. */
export interface ZipEntry {
  name: Buffer;
  size: number;
  crc: number;
  /** Of its local header. */
  offset: number;
}

const max32 = 0xffffffff;
const versionMadeBy = (3 << 8) | 63;
/** UTF-8 names; sizes in a data descriptor. */
const flags = 0x0808;
/** 1980-01-01, 00:00:00. */
const dosDate = 0x0021;
const externalAttributes = (0o100644 << 16) >>> 0;

export const localHeaderBytes = 30;
export const endBytes = 22;
export const zip64EndBytes = 56;
export const zip64LocatorBytes = 20;

export function isZip64({ size, offset }: ZipEntry): boolean {
  return size > max32 - 1 || offset > max32 - 1;
}

export const descriptorBytes = (entry: ZipEntry) => (isZip64(entry) ? 24 : 16);

export function localHeader({ name }: ZipEntry): Buffer {
  const header = Buffer.alloc(localHeaderBytes + name.length);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt16LE(name.length, 26);
  name.copy(header, localHeaderBytes);
  return header;
}

export function dataDescriptor(entry: ZipEntry): Buffer {
  const descriptor = Buffer.alloc(descriptorBytes(entry));
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(entry.crc, 4);
  if (isZip64(entry)) {
    writeUInt64(descriptor, entry.size, 8);
    writeUInt64(descriptor, entry.size, 16);
  } else {
    descriptor.writeUInt32LE(entry.size, 8);
    descriptor.writeUInt32LE(entry.size, 12);
  }
  return descriptor;
}

export function directoryRecord(entry: ZipEntry): Buffer {
  const { name, size, crc, offset } = entry;
  const isLarge = isZip64(entry);
  const record = Buffer.alloc(46 + name.length + (isLarge ? 28 : 0));
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(versionMadeBy, 4);
  record.writeUInt16LE(isLarge ? 45 : 20, 6);
  record.writeUInt16LE(flags, 8);
  record.writeUInt16LE(dosDate, 14);
  record.writeUInt32LE(crc, 16);
  record.writeUInt32LE(isLarge ? max32 : size, 20);
  record.writeUInt32LE(isLarge ? max32 : size, 24);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt16LE(isLarge ? 28 : 0, 30);
  record.writeUInt32LE(externalAttributes, 38);
  record.writeUInt32LE(isLarge ? max32 : offset, 42);
  name.copy(record, 46);
  if (isLarge) {
    const extra = 46 + name.length;
    record.writeUInt16LE(0x0001, extra);
    record.writeUInt16LE(24, extra + 2);
    writeUInt64(record, size, extra + 4);
    writeUInt64(record, size, extra + 12);
    writeUInt64(record, offset, extra + 20);
  }
  return record;
}

/** Everything after the directory's records. */
export function directoryEnd(count: number, size: number, offset: number): Buffer {
  const isLarge = count >= 0xffff || size >= max32 || offset >= max32;
  const end = Buffer.alloc(endBytes);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(size, max32), 12);
  end.writeUInt32LE(Math.min(offset, max32), 16);
  return isLarge ? Buffer.concat([zip64End(count, size, offset), end]) : end;
}

function zip64End(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(zip64EndBytes + zip64LocatorBytes);
  end.writeUInt32LE(0x06064b50, 0);
  writeUInt64(end, zip64EndBytes - 12, 4);
  end.writeUInt16LE(versionMadeBy, 12);
  end.writeUInt16LE(45, 14);
  writeUInt64(end, count, 24);
  writeUInt64(end, count, 32);
  writeUInt64(end, size, 40);
  writeUInt64(end, offset, 48);
  end.writeUInt32LE(0x07064b50, zip64EndBytes);
  writeUInt64(end, offset + size, zip64EndBytes + 8);
  end.writeUInt32LE(1, zip64EndBytes + 16);
  return end;
}

function writeUInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeBigUInt64LE(BigInt(value), at);
}
