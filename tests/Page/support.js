/** What the tests share: a seeded source of chance, and a painter of balls. */

/** The same numbers for the same seed, 0 to 1. */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const AMBER = { y: 182, u: 29, v: 163 };
const GREY = { y: 43, u: 128, v: 128 };

/**
 * An I420 picture with a disc on it, each pixel as much of the ball's colour as the disc covers of it (by 8 by 8 samples), and
 * noise.
 */
export function paint({
  width = 640, height = 480, x, y, radius = 20, ball = AMBER, back = GREY, noise = 0, random = () => 0.5,
}) {
  const halfWidth = width / 2;
  const halfHeight = height / 2;
  const data = new Uint8Array(width * height + 2 * halfWidth * halfHeight);
  const layout = [
    { offset: 0, stride: width },
    { offset: width * height, stride: halfWidth },
    { offset: width * height + halfWidth * halfHeight, stride: halfWidth },
  ];
  const shake = (value) => Math.max(0, Math.min(255, Math.round(value + (random() - 0.5) * 2 * noise)));
  plane(layout[0], width, height, 1, back.y, ball.y);
  plane(layout[1], halfWidth, halfHeight, 2, back.u, ball.u);
  plane(layout[2], halfWidth, halfHeight, 2, back.v, ball.v);
  return { data, layout, width, height };

  function plane({ offset, stride }, columns, rows, scale, from, to) {
    data.fill(from, offset, offset + rows * stride);
    const near = (centre, limit) => [
      Math.max(0, Math.floor((centre - radius) / scale) - 2), Math.min(limit, Math.ceil((centre + radius) / scale) + 2)];
    const [left, right] = near(x, columns);
    const [top, bottom] = near(y, rows);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        data[offset + row * stride + column] = Math.round(from + (to - from) * covered(column, row, scale));
      }
    }
    for (let at = offset; noise > 0 && at < offset + rows * stride; at++) {
      data[at] = shake(data[at]);
    }
  }

  function covered(column, row, scale) {
    // In luma pixels from the disc's centre; a pixel's centre is its number.
    const cx = column * scale + (scale - 1) / 2 - x;
    const cy = row * scale + (scale - 1) / 2 - y;
    const far = Math.hypot(cx, cy);
    if (far > radius + scale) return 0;
    if (far < radius - scale) return 1;
    let inside = 0;
    for (let i = 0; i < 64; i++) {
      const dx = cx + (((i % 8) + 0.5) / 8 - 0.5) * scale;
      const dy = cy + ((Math.floor(i / 8) + 0.5) / 8 - 0.5) * scale;
      inside += dx * dx + dy * dy <= radius * radius ? 1 : 0;
    }
    return inside / 64;
  }
}
