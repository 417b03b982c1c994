/**
 * Whether `value` is what a cut line makes of two: the first digits of `expected` and then a whole one, as 666 745 of 66 745. A
 * line that begins with a number has no other sign of it, where the number is not negative.
 */
export function isJoined(value: number, expected: number, near: number): boolean {
  if (!(expected > 0) || !(value > 9 * expected)) return false;
  const whole = Math.round(expected);
  const tens = 10 ** String(whole).length;
  const lead = Math.floor(value / tens);
  return Math.abs(value - lead * tens - whole) < near && String(whole).startsWith(String(lead));
}
