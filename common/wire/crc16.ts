const polynomial = 0x1021;
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 8;
  for (let bit = 0; bit < 8; bit++) rest = (rest << 1) ^ (rest & 0x8000 ? polynomial : 0);
  return rest & 0xffff;
});

/** CRC-16/IBM-3740 ("CCITT-FALSE": polynomial 0x1021, from 0xffff, nothing reflected) of `bytes[0, length)`. */
export function crc16(bytes: Uint8Array, length = bytes.length): number {
  let rest = 0xffff;
  for (let at = 0; at < length; at++) rest = ((rest << 8) & 0xffff) ^ table[(rest >> 8) ^ bytes[at]!]!;
  return rest;
}
