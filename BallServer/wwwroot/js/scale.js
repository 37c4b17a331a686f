/** Axes: where a value stands, and which values are worth a line. */

/**
 * A linear axis from 0 to a round number that the greatest value fits under.
 * @param {number} most
 * @returns {{ top: number, ticks: number[] }}
 */
export function linear(most) {
  const wanted = Math.max(most, 1e-6) / 3;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return { top: step * count, ticks: Array.from({ length: count + 1 }, (_, i) => i * step) };
}

/**
 * A logarithmic axis in whole powers of ten.
 * @param {number} least above 0
 * @param {number} most
 * @returns {{ bottom: number, top: number, ticks: number[] }}
 */
export function logarithmic(least, most) {
  const low = Math.floor(Math.log10(least) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(most, least)) - 1e-9));
  return { bottom: 10 ** low, top: 10 ** high, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) };
}
