/** How large a file may be that is read whole, by the writer of a bundle and by `verify`. */
export interface WholeLimits {
  /** A recording's bytes, and whatever else is compared byte by byte. */
  bytes: number;
  /** Text. A JavaScript string holds about 512 MB. */
  textBytes: number;
}

export const wholeLimits: WholeLimits = { bytes: 1 << 30, textBytes: 400 << 20 };
