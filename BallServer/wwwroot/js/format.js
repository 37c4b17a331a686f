/** Numbers for people. */

/** What stands where there is no number. */
export const NOTHING = "–";

/**
 * @param {number | null | undefined} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  return value === null || value === undefined || !Number.isFinite(value) ? NOTHING : value.toFixed(digits);
}

/**
 * With as many digits as say something: three, and no more than three behind the point.
 * @param {number | null | undefined} value
 */
export function short(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return NOTHING;
  }
  const size = Math.abs(value);
  return value.toFixed(size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

/**
 * Bits a second.
 * @param {number | null | undefined} bits
 * @returns {{ value: string, unit: string }}
 */
export function bitrate(bits) {
  if (bits === null || bits === undefined || !Number.isFinite(bits)) {
    return { value: NOTHING, unit: "kbit/s" };
  }
  return bits >= 999_500
    ? { value: (bits / 1e6).toFixed(2), unit: "Mbit/s" }
    : { value: (bits / 1e3).toFixed(0), unit: "kbit/s" };
}
