/** What a serial receiver (8N1) at `receiveBaud` makes of bytes that are sent back to back at `sendBaud`. */
export function receivedAt(bytes: Uint8Array, sendBaud: number, receiveBaud: number): Uint8Array {
  const bits = [1];
  for (const byte of bytes) {
    bits.push(0);
    for (let bit = 0; bit < 8; bit++) bits.push((byte >> bit) & 1);
    bits.push(1);
  }
  const step = sendBaud / receiveBaud;
  const levelAt = (time: number) => bits[Math.floor(time)] ?? 1;
  const received: number[] = [];
  for (let at = 0; at < bits.length;) {
    // A receiver looks sixteen times a bit for the falling edge of a start bit.
    if (levelAt(at) === 1) {
      at += step / 16;
      continue;
    }
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte |= levelAt(at + (bit + 1.5) * step) << bit;
    received.push(byte);
    // A missing stop bit is a framing error; the byte is handed on by most drivers, and the next start is looked for.
    at += 9.5 * step;
  }
  return Uint8Array.from(received);
}
