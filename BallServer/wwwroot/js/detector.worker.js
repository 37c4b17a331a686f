/** The detector: gets frames, finds the ball, says where. In a worker, so that neither it nor the page holds up the other. */

import { findBall, isCutOff, searchWindow } from "./finder.js";
import { ofI420, ofNv12, ofRgba } from "./planes.js";

/** @typedef {import("./finder.js").Sighting} Sighting */
/** @typedef {{ x: number, y: number, width: number, height: number }} Rect */

/** @type {Sighting | null} */
let last = null;
let motion = { dx: 0, dy: 0 };
let size = { width: 0, height: 0 };
let buffer = new Uint8Array(0);
/** @type {OffscreenCanvasRenderingContext2D | null} */
let canvas = null;

self.onmessage = async ({ data }) => {
  const { id, frame, contrast, follow } = data;
  const started = performance.now();
  try {
    const width = frame.displayWidth ?? frame.width;
    const height = frame.displayHeight ?? frame.height;
    if (width !== size.width || height !== size.height) {
      size = { width, height };
      last = null;
    }
    const { found, looked } = await find(frame, follow, contrast);
    motion = found && last ? { dx: found.x - last.x, dy: found.y - last.y } : { dx: 0, dy: 0 };
    last = found;
    self.postMessage({ id, found, looked, width, height, started: absolute(started), finished: absolute(performance.now()) });
  } catch (error) {
    last = null;
    const finished = absolute(performance.now());
    self.postMessage({ id, found: null, looked: null, problem: String(error), started: absolute(started), finished });
  } finally {
    frame.close();
  }
};

/**
 * Page and worker count from different beginnings.
 * @param {number} time
 */
function absolute(time) {
  return time + performance.timeOrigin;
}

/**
 * First where the ball should be by now; where it is not there, everywhere.
 * @param {VideoFrame | ImageBitmap} frame
 * @param {boolean} follow
 * @param {number} contrast
 */
async function find(frame, follow, contrast) {
  const window = follow ? searchWindow(last, motion, size.width, size.height) : null;
  if (window !== null) {
    const found = findBall(await pictureOf(frame, window), contrast);
    if (found !== null && !isCutOff(found, window, size.width, size.height)) {
      return { found, looked: window };
    }
  }
  const all = { x: 0, y: 0, width: size.width, height: size.height };
  return { found: findBall(await pictureOf(frame, all), contrast), looked: all };
}

/**
 * @param {VideoFrame | ImageBitmap} frame
 * @param {Rect} rect
 */
async function pictureOf(frame, rect) {
  if (!("copyTo" in frame)) {
    return rgbaOf(frame, rect);
  }
  if (frame.format !== "I420" && frame.format !== "NV12" && frame.format !== "I420A") {
    return rgbaOf(frame, rect);
  }
  const visible = /** @type {DOMRectReadOnly} */ (frame.visibleRect);
  const options = { rect: { ...rect, x: rect.x + visible.x, y: rect.y + visible.y } };
  const needed = frame.allocationSize(options);
  if (buffer.length < needed) {
    buffer = new Uint8Array(needed);
  }
  const layout = await frame.copyTo(buffer, options);
  const make = frame.format === "NV12" ? ofNv12 : ofI420;
  return make(buffer, layout, rect.width, rect.height, rect.x, rect.y);
}

/**
 * @param {CanvasImageSource} frame
 * @param {Rect} rect
 */
function rgbaOf(frame, rect) {
  if (canvas === null || canvas.canvas.width < rect.width || canvas.canvas.height < rect.height) {
    canvas = /** @type {OffscreenCanvasRenderingContext2D} */ (
      new OffscreenCanvas(rect.width, rect.height).getContext("2d", { willReadFrequently: true, alpha: false }));
  }
  canvas.drawImage(frame, rect.x, rect.y, rect.width, rect.height, 0, 0, rect.width, rect.height);
  const { data } = canvas.getImageData(0, 0, rect.width, rect.height);
  return ofRgba(data, rect.width, rect.height, rect.x, rect.y);
}
