/**
 * Draws over the video where the ball was seen and where it truly is. By the time a ball is found the video has moved on, and
 * a ring around the last frame's ball would look like an error that is none; so the part of the picture around the ball can be
 * drawn along.
 */

import { searchWindow } from "./finder.js";

/** So much further than the search window reaches what is drawn along, in pixels a frame: it must cover the video's own ball. */
const AHEAD = { dx: 12, dy: 12 };

/**
 * What was seen in a frame.
 * @typedef {object} View
 * @property {number | undefined} rtp
 * @property {import("./finder.js").Sighting | null} found
 * @property {{ x: number, y: number, width: number, height: number } | null} search
 * @property {VideoFrame | null} frame the picture itself, to be drawn along, and closed then; null: the video shows it
 * @property {number} width of the video
 * @property {number} height
 * @property {[number, number] | null} truth
 */

export class Overlay {
  #canvas;
  #context;
  #colours = { seen: "", truth: "", search: "" };
  /** What is drawn. @type {View | null} */
  #view = null;
  /** What waits for its truth, so that both appear together. @type {View | null} */
  #next = null;
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
   * A frame was looked at.
   * @param {Omit<View, "truth">} view
   */
  see(view) {
    // Its truth is late: it has to do without.
    this.#turn();
    this.#next = { ...view, truth: null };
    if (!this.show.truth || view.rtp === undefined || view.found === null) {
      this.#turn();
    }
  }

  /**
   * Where the ball is in a frame.
   * @param {number} rtp
   * @param {[number, number]} truth
   */
  know(rtp, truth) {
    if (this.#next?.rtp === rtp) {
      this.#next.truth = truth;
      this.#turn();
    } else if (this.#view?.rtp === rtp) {
      this.#view.truth = truth;
      this.#later();
    }
  }

  clear() {
    this.#next?.frame?.close();
    this.#view?.frame?.close();
    this.#next = this.#view = null;
    this.#later();
  }

  /** What waited is drawn from now on. */
  #turn() {
    if (this.#next !== null) {
      this.#view?.frame?.close();
      this.#view = this.#next;
      this.#next = null;
      this.#later();
    }
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
    const view = this.#view;
    if (view === null || view.width === 0) {
      return;
    }
    // As the video is fitted into its box: whole, in the middle. A pixel's centre is half a pixel from its edge.
    const scale = Math.min(width / view.width, height / view.height);
    const left = (width - view.width * scale) / 2;
    const top = (height - view.height * scale) / 2;
    const line = Math.max(1, devicePixelRatio);
    const part = view.frame && searchWindow(view.found, AHEAD, view.width, view.height);
    if (part) {
      const crop = new VideoFrame(/** @type {VideoFrame} */ (view.frame), { visibleRect: part });
      context.drawImage(crop, left + part.x * scale, top + part.y * scale, part.width * scale, part.height * scale);
      crop.close();
    }
    if (this.show.search && view.search) {
      const { search } = view;
      context.strokeStyle = this.#colours.search;
      context.lineWidth = line;
      context.setLineDash([4 * line, 4 * line]);
      context.strokeRect(left + search.x * scale, top + search.y * scale, search.width * scale, search.height * scale);
      context.setLineDash([]);
    }
    if (view.found === null) {
      return;
    }
    const x = left + (view.found.x + 0.5) * scale;
    const y = top + (view.found.y + 0.5) * scale;
    const radius = view.found.radius * scale;
    if (this.show.truth && view.truth) {
      context.strokeStyle = this.#colours.truth;
      context.lineWidth = 2 * line;
      context.beginPath();
      context.arc(left + (view.truth[0] + 0.5) * scale, top + (view.truth[1] + 0.5) * scale, radius + 7 * line, 0, 2 * Math.PI);
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
