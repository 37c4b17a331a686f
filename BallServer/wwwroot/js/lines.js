/** Cuts a stream of bytes into lines. */

const LONGEST = 64 * 1024;

export class LineSplitter {
  #decoder = new TextDecoder();
  #rest = "";

  /**
   * The lines that these bytes complete.
   * @param {Uint8Array} bytes
   * @returns {string[]}
   */
  push(bytes) {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = /** @type {string} */ (parts.pop());
    if (this.#rest.length > LONGEST || parts.some((line) => line.length > LONGEST)) {
      throw new Error("The server sent a line that has no end.");
    }
    return parts.filter((line) => line.length > 0);
  }
}
