/**
 * At most the first `max` UTF-16 units of `text`, and never half of a character: a lone surrogate has no UTF-8 form, so
 * that canonical JSON refuses it.
 */
export function cutText(text: string, max: number): string {
  const cut = text.slice(0, max);
  return cut.length < text.length && /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
