/**
 * War Room's own binary form, for boards that measure faster than text can say. All numbers are little-endian.
 *
 * | byte | type | what it is                                                                                |
 * | ---- | ---- | ----------------------------------------------------------------------------------------- |
 * | 0    | u8   | 0x13: samples of 3 bytes; 0x14: of 4 bytes (the upper half is the version, 1)               |
 * | 1    | u8   | channels, 1 to 32                                                                         |
 * | 2    | u16  | number of the frame, one more with each, from 65535 to 0                                   |
 * | 4    | u64  | the board's time of the first row in microseconds since its start (below 2^53)             |
 * | 12   | u32  | from one row to the next in nanoseconds; 0 where a frame has one row                       |
 * | 16   | ints | rows of one sample per channel, two's complement; no rows at all say that the board lives |
 * | end  | u16  | CRC-16/IBM-3740 of all before it                                                          |
 *
 * The whole is stuffed with COBS and ended by one zero byte, at most 4096 bytes without it. A board sends a zero first of
 * all, so that what stood on the line before is not taken for a part of its first frame.
 */
export const frameLayout = {
  version: 0x10,
  channels: 1,
  number: 2,
  time: 4,
  interval: 12,
  samples: 16,
  crcBytes: 2,
  /** Stuffed, without the zero at its end. */
  mostBytes: 4096,
} as const;
