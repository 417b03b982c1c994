/**
 * Whether `value` may be what a cut line and the next one make: the beginning of one number and then a whole other one, which
 * lies between `low` and `high`, as 666745 of 66745, or −49181 of −4… and 9181. A line that begins with a number shows it by
 * nothing else, where the second number is not negative.
 */
export function isJoined(value: number, low: number, high: number): boolean {
  const text = String(Math.abs(value));
  for (let cut = 1; cut < text.length; cut++) {
    // No number is printed with a needless zero.
    if (!/^([1-9]|0\.|0$)/.test(text.slice(cut))) continue;
    const whole = Number(text.slice(cut));
    if (whole >= low && whole <= high) return true;
  }
  return false;
}
