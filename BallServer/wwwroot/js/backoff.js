/** How long to wait before trying again: longer and longer, and never in step with all the others. */
export class Backoff {
  #first;
  #longest;
  #random;
  #tries = 0;

  /**
   * @param {number} first milliseconds
   * @param {number} longest milliseconds
   * @param {() => number} [random] 0 to 1
   */
  constructor(first, longest, random = Math.random) {
    this.#first = first;
    this.#longest = longest;
    this.#random = random;
  }

  /** It worked: the next pause is a short one. */
  reset() {
    this.#tries = 0;
  }

  /** The next pause, in milliseconds. */
  next() {
    const pause = Math.min(this.#longest, this.#first * 1.7 ** this.#tries);
    this.#tries++;
    return pause * (0.75 + 0.5 * this.#random());
  }
}
