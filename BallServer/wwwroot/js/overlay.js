/**
 * Draws over the video where the ball was seen and where it truly is. By the time a ball is found the video has moved on, and a ring
 * around the last frame's ball would look like an error that is none; so the part of the picture around the ball can be drawn along.
 */

import { searchWindow } from "./finder.js";

/** What is drawn along reaches so much further than the search window, in pixels a frame: the video's own ball must be under it. */
const AHEAD = { dx: 12, dy: 12 };

export class Overlay {
  #canvas;
  #context;
  #colours = { seen: "", truth: "", search: "" };
  #size = { width: 0, height: 0 };
  /** @type {import("./finder.js").Sighting | null} */
  #seen = null;
  /** @type {[number, number] | null} */
  #truth = null;
  /** @type {{ x: number, y: number, width: number, height: number } | null} */
  #search = null;
  /** @type {VideoFrame | null} */
  #frame = null;
  #request = 0;

  show = { truth: true, search: false };

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.recolour();
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  /** The style changed. */
  recolour() {
    const style = getComputedStyle(this.#canvas);
    this.#colours = {
      seen: style.getPropertyValue("--seen").trim(),
      truth: style.getPropertyValue("--truth-on-video").trim(),
      search: style.getPropertyValue("--search").trim(),
    };
    this.#later();
  }

  /**
   * @param {import("./finder.js").Sighting | null} seen
   * @param {{ x: number, y: number, width: number, height: number } | null} search
   * @param {number} width of the video
   * @param {number} height
   * @param {VideoFrame | null} frame the picture itself, to be drawn along and closed then; null: the video shows it
   */
  see(seen, search, width, height, frame) {
    this.#frame?.close();
    this.#frame = frame;
    this.#seen = seen;
    this.#search = search;
    this.#truth = null;
    this.#size = { width, height };
    this.#later();
  }

  /** @param {[number, number]} truth */
  know(truth) {
    this.#truth = truth;
    this.#later();
  }

  clear() {
    this.#frame?.close();
    this.#frame = this.#seen = this.#truth = this.#search = null;
    this.#later();
  }

  /** Once before the screen changes, however much happens until then. */
  #later() {
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0;
      this.#draw();
    });
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#draw();
  }

  #draw() {
    const context = this.#context;
    const { width, height } = this.#canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (this.#size.width === 0) {
      return;
    }
    // As the video is fitted into its box: whole, in the middle. A pixel's centre is half a pixel from its edge.
    const scale = Math.min(width / this.#size.width, height / this.#size.height);
    const left = (width - this.#size.width * scale) / 2;
    const top = (height - this.#size.height * scale) / 2;
    const part = this.#frame && searchWindow(this.#seen, AHEAD, this.#size.width, this.#size.height);
    if (part) {
      context.drawImage(
        /** @type {VideoFrame} */ (this.#frame), part.x, part.y, part.width, part.height,
        left + part.x * scale, top + part.y * scale, part.width * scale, part.height * scale);
    }
    const line = Math.max(1, devicePixelRatio);
    if (this.show.search && this.#search) {
      context.strokeStyle = this.#colours.search;
      context.lineWidth = line;
      context.setLineDash([4 * line, 4 * line]);
      context.strokeRect(left + this.#search.x * scale, top + this.#search.y * scale, this.#search.width * scale, this.#search.height * scale);
      context.setLineDash([]);
    }
    if (this.#seen === null) {
      return;
    }
    const x = left + (this.#seen.x + 0.5) * scale;
    const y = top + (this.#seen.y + 0.5) * scale;
    const radius = this.#seen.radius * scale;

    if (this.show.truth && this.#truth) {
      context.strokeStyle = this.#colours.truth;
      context.lineWidth = 2 * line;
      context.beginPath();
      context.arc(left + (this.#truth[0] + 0.5) * scale, top + (this.#truth[1] + 0.5) * scale, radius + 7 * line, 0, 2 * Math.PI);
      context.stroke();
    }
    context.strokeStyle = this.#colours.seen;
    context.lineWidth = 1.5 * line;
    context.beginPath();
    context.arc(x, y, Math.max(2, radius), 0, 2 * Math.PI);
    const arm = Math.min(radius * 0.5, 12 * line);
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    context.stroke();
  }
}
