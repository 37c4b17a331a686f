/** Makes pictures for the finder out of what browsers hand out. */

/** @typedef {import("./finder.js").Picture} Picture */

/**
 * I420, as VideoFrame.copyTo writes it.
 * @param {Uint8Array} data
 * @param {{ offset: number, stride: number }[]} layout
 * @param {number} width
 * @param {number} height
 * @param {number} left
 * @param {number} top
 * @returns {Picture}
 */
export function ofI420(data, layout, width, height, left = 0, top = 0) {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  return {
    y: { data, offset: layout[0].offset, stride: layout[0].stride, step: 1, width, height },
    u: { data, offset: layout[1].offset, stride: layout[1].stride, step: 1, width: halfWidth, height: halfHeight },
    v: { data, offset: layout[2].offset, stride: layout[2].stride, step: 1, width: halfWidth, height: halfHeight },
    left,
    top,
  };
}

/**
 * NV12: both chroma planes are one, taking turns.
 * @param {Uint8Array} data
 * @param {{ offset: number, stride: number }[]} layout
 * @param {number} width
 * @param {number} height
 * @param {number} left
 * @param {number} top
 * @returns {Picture}
 */
export function ofNv12(data, layout, width, height, left = 0, top = 0) {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const chroma = { data, stride: layout[1].stride, step: 2, width: halfWidth, height: halfHeight };
  return {
    y: { data, offset: layout[0].offset, stride: layout[0].stride, step: 1, width, height },
    u: { ...chroma, offset: layout[1].offset },
    v: { ...chroma, offset: layout[1].offset + 1 },
    left,
    top,
  };
}

/**
 * RGBA, as a canvas hands it out. Green stands in for luma, and the differences to it for chroma.
 * @param {Uint8ClampedArray | Uint8Array} rgba
 * @param {number} width
 * @param {number} height
 * @param {number} left
 * @param {number} top
 * @returns {Picture}
 */
export function ofRgba(rgba, width, height, left = 0, top = 0) {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const y = new Uint8Array(width * height);
  const u = new Uint8Array(halfWidth * halfHeight);
  const v = new Uint8Array(halfWidth * halfHeight);
  for (let i = 0, at = 0; i < y.length; i++, at += 4) {
    y[i] = (rgba[at] * 77 + rgba[at + 1] * 150 + rgba[at + 2] * 29) >> 8;
  }
  for (let row = 0; row < halfHeight; row++) {
    for (let column = 0; column < halfWidth; column++) {
      const at = (row * 2 * width + column * 2) * 4;
      u[row * halfWidth + column] = 128 + ((rgba[at + 2] - rgba[at + 1]) >> 1);
      v[row * halfWidth + column] = 128 + ((rgba[at] - rgba[at + 1]) >> 1);
    }
  }
  return {
    y: { data: y, offset: 0, stride: width, step: 1, width, height },
    u: { data: u, offset: 0, stride: halfWidth, step: 1, width: halfWidth, height: halfHeight },
    v: { data: v, offset: 0, stride: halfWidth, step: 1, width: halfWidth, height: halfHeight },
    left,
    top,
  };
}
