/**
 * Finds the ball in a picture's planes: whatever stands out most from the background, measured to a fraction of a pixel. Pure
 * arithmetic on arrays, so that it runs in a worker as well as in a test.
 */

/**
 * One plane of bytes.
 * @typedef {{ data: Uint8Array | Uint8ClampedArray, offset: number, stride: number, step: number, width: number,
 *   height: number }} Plane
 */

/**
 * A picture as luma and, at half the size, two chroma planes; `left` and `top` say where it lies in the whole video.
 * @typedef {{ y: Plane, u: Plane, v: Plane, left: number, top: number }} Picture
 */

/**
 * Where the ball is, in pixels of the video: the centre of the top left pixel is (0, 0).
 * @typedef {{ x: number, y: number, radius: number, confidence: number }} Sighting
 */

/** How coarse the first look is, in luma pixels; even, so that chroma has a pixel at each place. */
const STRIDE = 4;

/** What differs from the background by less, in all planes together, is noise. */
export const DEFAULT_CONTRAST = 40;

/** Coverage below this is the encoder's noise, not the ball's edge. */
const FAINT = 0.06;

/**
 * @param {Picture} picture
 * @param {number} [contrast] how much must stand out, 1 to 255
 * @returns {Sighting | null}
 */
export function findBall(picture, contrast = DEFAULT_CONTRAST) {
  const back = background(picture);
  const seed = coarse(picture, back, contrast);
  return seed === null ? null : measure(picture, back, seed, contrast);
}

/**
 * The colour that most of the picture has, by plane: the median of a sample.
 * @param {Picture} picture
 */
function background({ y, u, v }) {
  return { y: median(y, STRIDE * 2), u: median(u, STRIDE), v: median(v, STRIDE) };
}

/**
 * @param {Plane} plane
 * @param {number} every
 */
function median(plane, every) {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let row = 0; row < plane.height; row += every) {
    let at = plane.offset + row * plane.stride;
    for (let column = 0; column < plane.width; column += every) {
      counts[plane.data[at]]++;
      total++;
      at += every * plane.step;
    }
  }
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += counts[value];
    if (seen * 2 >= total) {
      return value;
    }
  }
  return 255;
}

/**
 * Looks at every fourth pixel for what stands out, and takes the box around the largest connected part of it.
 * @param {Picture} picture
 * @param {{ y: number, u: number, v: number }} back
 * @param {number} contrast
 */
function coarse({ y, u, v }, back, contrast) {
  const columns = Math.floor((y.width + STRIDE - 1) / STRIDE);
  const rows = Math.floor((y.height + STRIDE - 1) / STRIDE);
  const distance = new Uint16Array(columns * rows);
  let most = 0;
  for (let row = 0; row < rows; row++) {
    let atY = y.offset + row * STRIDE * y.stride;
    let atU = u.offset + row * (STRIDE / 2) * u.stride;
    let atV = v.offset + row * (STRIDE / 2) * v.stride;
    for (let column = 0; column < columns; column++) {
      const d = Math.abs(y.data[atY] - back.y) + Math.abs(u.data[atU] - back.u) + Math.abs(v.data[atV] - back.v);
      distance[row * columns + column] = d;
      most = d > most ? d : most;
      atY += STRIDE * y.step;
      atU += (STRIDE / 2) * u.step;
      atV += (STRIDE / 2) * v.step;
    }
  }
  if (most < contrast) {
    return null;
  }
  return largestPart(distance, columns, rows, Math.max(contrast, most / 2));
}

/**
 * @param {Uint16Array} distance consumed
 * @param {number} columns
 * @param {number} rows
 * @param {number} threshold
 */
function largestPart(distance, columns, rows, threshold) {
  /** @type {{ count: number, left: number, top: number, right: number, bottom: number } | null} */
  let best = null;
  /** @type {number[]} */
  const open = [];
  for (let start = 0; start < distance.length; start++) {
    if (distance[start] < threshold) {
      continue;
    }
    const part = { count: 0, left: columns, top: rows, right: 0, bottom: 0 };
    open.push(start);
    distance[start] = 0;
    while (open.length > 0) {
      const at = /** @type {number} */ (open.pop());
      const row = Math.floor(at / columns);
      const column = at - row * columns;
      part.count++;
      part.left = Math.min(part.left, column);
      part.right = Math.max(part.right, column);
      part.top = Math.min(part.top, row);
      part.bottom = Math.max(part.bottom, row);
      if (column > 0) take(at - 1);
      if (column + 1 < columns) take(at + 1);
      if (row > 0) take(at - columns);
      if (row + 1 < rows) take(at + columns);
    }
    if (best === null || part.count > best.count) {
      best = part;
    }
  }
  return best === null
    ? null
    : { left: best.left * STRIDE, top: best.top * STRIDE, right: best.right * STRIDE, bottom: best.bottom * STRIDE };

  /** @param {number} at */
  function take(at) {
    if (distance[at] >= threshold) {
      distance[at] = 0;
      open.push(at);
    }
  }
}

/**
 * The centre of mass of how much of each pixel the ball covers. In the plane that tells ball and background apart best, where
 * luma is worth four times chroma, which has a quarter of the pixels.
 * @param {Picture} picture
 * @param {{ y: number, u: number, v: number }} back
 * @param {{ left: number, top: number, right: number, bottom: number }} seed in luma pixels
 * @param {number} contrast
 * @returns {Sighting | null}
 */
function measure(picture, back, seed, contrast) {
  const middle = {
    y: around(picture.y, (seed.left + seed.right) / 2, (seed.top + seed.bottom) / 2),
    u: around(picture.u, (seed.left + seed.right) / 4, (seed.top + seed.bottom) / 4),
    v: around(picture.v, (seed.left + seed.right) / 4, (seed.top + seed.bottom) / 4),
  };
  const luma = Math.abs(middle.y - back.y) * 4;
  const blue = Math.abs(middle.u - back.u);
  const red = Math.abs(middle.v - back.v);
  const useLuma = luma >= Math.max(blue, red, 1) && luma >= 4 * 12;
  const plane = useLuma ? picture.y : blue > red ? picture.u : picture.v;
  const [from, to] = useLuma ? [back.y, middle.y] : blue > red ? [back.u, middle.u] : [back.v, middle.v];
  const scale = useLuma ? 1 : 2;
  if (Math.abs(to - from) < Math.min(contrast, 8)) {
    return null;
  }

  const margin = STRIDE + 4;
  const left = Math.max(0, Math.floor((seed.left - margin) / scale));
  const top = Math.max(0, Math.floor((seed.top - margin) / scale));
  const right = Math.min(plane.width - 1, Math.ceil((seed.right + STRIDE + margin) / scale));
  const bottom = Math.min(plane.height - 1, Math.ceil((seed.bottom + STRIDE + margin) / scale));
  const gain = 1 / (to - from);
  let mass = 0;
  let massX = 0;
  let massY = 0;
  for (let row = top; row <= bottom; row++) {
    let at = plane.offset + row * plane.stride + left * plane.step;
    let rowMass = 0;
    for (let column = left; column <= right; column++) {
      let covered = (plane.data[at] - from) * gain;
      at += plane.step;
      if (covered > FAINT) {
        covered = covered > 1 ? 1 : covered;
        rowMass += covered;
        massX += covered * column;
      }
    }
    mass += rowMass;
    massY += rowMass * row;
  }
  if (mass * scale * scale < 4) {
    return null;
  }
  // The centre of a chroma pixel lies half a luma pixel further than its number says.
  const shift = (scale - 1) / 2;
  const radius = Math.sqrt(mass / Math.PI) * scale;
  return {
    x: picture.left + (massX / mass) * scale + shift,
    y: picture.top + (massY / mass) * scale + shift,
    radius,
    confidence: roundness(seed, radius),
  };
}

/**
 * How much the box around the part is one of a disc of this size.
 * @param {{ left: number, top: number, right: number, bottom: number }} seed
 * @param {number} radius
 */
function roundness(seed, radius) {
  const width = seed.right - seed.left + STRIDE;
  const height = seed.bottom - seed.top + STRIDE;
  const squareness = Math.min(width, height) / Math.max(width, height);
  const fill = Math.min(1, (4 * radius * radius) / (width * height));
  return Math.max(0, Math.min(1, Math.min(squareness + STRIDE / Math.max(width, height), 1) * Math.min(1, fill * 1.25)));
}

/**
 * The mean of three by three pixels.
 * @param {Plane} plane
 * @param {number} x
 * @param {number} y
 */
function around(plane, x, y) {
  const column = Math.max(1, Math.min(plane.width - 2, Math.round(x)));
  const row = Math.max(1, Math.min(plane.height - 2, Math.round(y)));
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      sum += plane.data[plane.offset + (row + dy) * plane.stride + (column + dx) * plane.step];
    }
  }
  return sum / 9;
}

/**
 * The part of the picture in which the ball must be, if it moves on as before; on even pixels, for the sake of chroma. Null: it
 * could be anywhere.
 * @param {Sighting | null} last
 * @param {{ dx: number, dy: number }} motion from one frame to the next
 * @param {number} width
 * @param {number} height
 */
export function searchWindow(last, motion, width, height) {
  if (last === null) {
    return null;
  }
  // A bounce may turn the motion around, so the way counts to both sides. Background stays the most of it.
  const reach = last.radius * 2.2 + 24;
  const reachX = reach + Math.abs(motion.dx) * 2;
  const reachY = reach + Math.abs(motion.dy) * 2;
  const left = Math.max(0, Math.floor((last.x - reachX) / 2) * 2);
  const top = Math.max(0, Math.floor((last.y - reachY) / 2) * 2);
  const right = Math.min(width, Math.ceil((last.x + reachX) / 2) * 2);
  const bottom = Math.min(height, Math.ceil((last.y + reachY) / 2) * 2);
  if (right - left < 16 || bottom - top < 16) {
    return null;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Whether a sighting in a window may be cut off by its edge (an edge that is not the picture's own).
 * @param {Sighting} found
 * @param {{ x: number, y: number, width: number, height: number }} window
 * @param {number} width
 * @param {number} height
 */
export function isCutOff(found, window, width, height) {
  const r = found.radius + 2;
  return (window.x > 0 && found.x - r < window.x)
    || (window.y > 0 && found.y - r < window.y)
    || (window.x + window.width < width && found.x + r > window.x + window.width - 1)
    || (window.y + window.height < height && found.y + r > window.y + window.height - 1);
}
