/** Live charts: the last seconds of one or two series, drawn on a canvas, a few times a second. */

import { linear, logarithmic } from "./scale.js";

/** @typedef {{ series: import("./statistics.js").Recent, colour: string, dots?: boolean }} Line colour: a CSS variable's name */

/** What is shown, in milliseconds. */
export const SPAN = 20_000;

const GAP = 400;

export class Chart {
  #canvas;
  #context;
  #lines;
  #isLog;
  #unit;
  /** The axis keeps its range for a while, so that it does not dance. */
  #most = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Line[]} lines
   * @param {{ log?: boolean, unit: string }} options
   */
  constructor(canvas, lines, { log = false, unit }) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.#lines = lines;
    this.#isLog = log;
    this.#unit = unit;
  }

  /** @param {number} now milliseconds */
  draw(now) {
    const canvas = this.#canvas;
    const ratio = devicePixelRatio;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (width === 0 || height === 0) {
      return;
    }
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = this.#context;
    const style = getComputedStyle(canvas);
    const since = now - SPAN;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `11px ${style.fontFamily}`;

    const axis = this.#axis(since);
    const area = { left: 38, top: 8, right: width - 6, bottom: height - 20 };
    const y = /** @param {number} value */ (value) => area.bottom - axis.place(value) * (area.bottom - area.top);
    const x = /** @param {number} time */ (time) => area.right - ((now - time) / SPAN) * (area.right - area.left);
    this.#grid(area, axis, y, x, now, style);
    context.save();
    context.beginPath();
    context.rect(area.left, area.top - 4, area.right - area.left, area.bottom - area.top + 4);
    context.clip();
    for (const line of this.#lines) {
      this.#line(line, since, x, y, style);
    }
    context.restore();
  }

  /** @param {number} since */
  #axis(since) {
    let most = 0;
    for (const { series } of this.#lines) {
      series.each(since, (_, value) => {
        most = Math.max(most, value);
      });
    }
    this.#most = most > this.#most || most < this.#most * 0.4 ? most : this.#most;
    if (this.#isLog) {
      const { bottom, top, ticks } = logarithmic(0.001, Math.max(this.#most, 10));
      const span = Math.log10(top / bottom);
      return { ticks, place: /** @param {number} value */ (value) => Math.log10(Math.max(value, bottom) / bottom) / span };
    }
    const { top, ticks } = linear(Math.max(this.#most, 10));
    return { ticks, place: /** @param {number} value */ (value) => value / top };
  }

  /**
   * @param {{ left: number, top: number, right: number, bottom: number }} area
   * @param {{ ticks: number[] }} axis
   * @param {(value: number) => number} y
   * @param {(time: number) => number} x
   * @param {number} now
   * @param {CSSStyleDeclaration} style
   */
  #grid(area, axis, y, x, now, style) {
    const context = this.#context;
    context.strokeStyle = style.getPropertyValue("--line");
    context.fillStyle = style.getPropertyValue("--quiet");
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.beginPath();
    for (const tick of axis.ticks) {
      const at = Math.round(y(tick)) + 0.5;
      context.moveTo(area.left, at);
      context.lineTo(area.right, at);
      context.fillText(tickText(tick), area.left - 6, at);
    }
    context.stroke();
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    context.fillText(this.#unit, area.left, area.bottom + 15);
    context.textAlign = "center";
    for (let seconds = 5; seconds < SPAN / 1000; seconds += 5) {
      context.fillText(`−${seconds} s`, x(now - seconds * 1000), area.bottom + 15);
    }
    context.textAlign = "right";
    context.fillText("now", area.right, area.bottom + 15);
  }

  /**
   * @param {Line} line
   * @param {number} since
   * @param {(time: number) => number} x
   * @param {(value: number) => number} y
   * @param {CSSStyleDeclaration} style
   */
  #line({ series, colour }, since, x, y, style) {
    const context = this.#context;
    context.strokeStyle = style.getPropertyValue(colour);
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    context.beginPath();
    let last = -Infinity;
    series.each(since, (time, value) => {
      // Where nothing came for a while there is no line: it would be made up.
      if (time - last > GAP) {
        context.moveTo(x(time), y(value));
      } else {
        context.lineTo(x(time), y(value));
      }
      last = time;
    });
    context.stroke();
  }
}

/** @param {number} tick */
function tickText(tick) {
  return Number(tick.toPrecision(3)).toString();
}
