/** Figures over the last while. */

/** Values with the time they came, the old ones forgotten: a ring, so that nothing is allocated once it is made. */
export class Recent {
  #times;
  #values;
  #capacity;
  #next = 0;
  #count = 0;

  /** @param {number} capacity */
  constructor(capacity) {
    this.#capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  /** How many there are. */
  get count() {
    return this.#count;
  }

  /**
   * @param {number} time milliseconds, never less than before
   * @param {number} value
   */
  add(time, value) {
    this.#times[this.#next] = time;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#capacity;
    this.#count = Math.min(this.#count + 1, this.#capacity);
  }

  clear() {
    this.#count = 0;
  }

  /**
   * Calls back with each value since a time, the oldest first.
   * @param {number} since
   * @param {(time: number, value: number) => void} visit
   */
  each(since, visit) {
    for (let i = this.#count; i > 0; i--) {
      const at = (this.#next - i + this.#capacity) % this.#capacity;
      if (this.#times[at] >= since) {
        visit(this.#times[at], this.#values[at]);
      }
    }
  }

  /** @param {number} since */
  values(since) {
    /** @type {number[]} */
    const values = [];
    this.each(since, (_, value) => values.push(value));
    return values;
  }

  /**
   * Null where there is nothing.
   * @param {number} since
   */
  mean(since) {
    let sum = 0;
    let count = 0;
    this.each(since, (_, value) => {
      sum += value;
      count++;
    });
    return count === 0 ? null : sum / count;
  }

  /**
   * How many a second: by the gaps between the first and the last. Null where there are not two.
   * @param {number} since
   */
  rate(since) {
    let first = 0;
    let last = 0;
    let count = 0;
    this.each(since, (time) => {
      first = count === 0 ? time : first;
      last = time;
      count++;
    });
    return count < 2 || last <= first ? null : ((count - 1) * 1000) / (last - first);
  }

  /**
   * Null where there is nothing.
   * @param {number} since
   * @param {number} percent
   */
  percentile(since, percent) {
    const values = this.values(since).sort((a, b) => a - b);
    return values.length === 0 ? null : values[Math.min(values.length - 1, Math.floor((values.length * percent) / 100))];
  }
}

/** How fast a counter grows that somebody else counts. */
export class Growth {
  /** @type {{ time: number, count: number } | null} */
  #last = null;

  /**
   * A second's growth since the last call; null at first, and where the counter began anew.
   * @param {number} time milliseconds
   * @param {number} count
   */
  of(time, count) {
    const last = this.#last;
    this.#last = { time, count };
    return last === null || time <= last.time || count < last.count ? null : ((count - last.count) * 1000) / (time - last.time);
  }
}
