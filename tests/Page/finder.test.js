import assert from "node:assert/strict";
import { test } from "node:test";
import { findBall, isCutOff, searchWindow } from "../../BallServer/wwwroot/js/finder.js";
import { ofI420, ofNv12, ofRgba } from "../../BallServer/wwwroot/js/planes.js";
import { chance, paint } from "./support.js";

const picture = ({ data, layout, width, height }) => ofI420(data, layout, width, height);
const distance = (found, x, y) => Math.hypot(found.x - x, found.y - y);

test("a clean ball is found to a fiftieth of a pixel, wherever it is", () => {
  const random = chance(1);
  for (let i = 0; i < 60; i++) {
    const radius = 6 + random() * 50;
    const x = radius + random() * (639 - 2 * radius);
    const y = radius + random() * (479 - 2 * radius);
    const found = findBall(picture(paint({ x, y, radius })));
    assert.ok(found, `not found at ${x}, ${y} with radius ${radius}`);
    assert.ok(distance(found, x, y) < 0.02, `${distance(found, x, y)} px off at ${x}, ${y} with radius ${radius}`);
    assert.ok(Math.abs(found.radius - radius) < 0.3, `radius ${found.radius} instead of ${radius}`);
    assert.ok(found.confidence > 0.8, `confidence ${found.confidence} with radius ${radius}`);
  }
});

test("an encoder's noise costs less than a tenth of a pixel", () => {
  const random = chance(2);
  for (let i = 0; i < 30; i++) {
    const [x, y] = [40 + random() * 560, 40 + random() * 400];
    const found = findBall(picture(paint({ x, y, noise: 6, random })));
    assert.ok(found && distance(found, x, y) < 0.1, `${found && distance(found, x, y)} px off`);
  }
});

test("a ball as bright as its background is found by its colour alone", () => {
  const random = chance(3);
  for (let i = 0; i < 20; i++) {
    const [x, y] = [40 + random() * 560, 40 + random() * 400];
    const found = findBall(picture(paint({ x, y, ball: { y: 90, u: 60, v: 190 }, back: { y: 90, u: 128, v: 128 } })));
    assert.ok(found && distance(found, x, y) < 0.06, `${found && distance(found, x, y)} px off`);
  }
});

test("a dark ball on a bright background is found as well", () => {
  const [ball, back] = [{ y: 30, u: 120, v: 130 }, { y: 220, u: 128, v: 128 }];
  const found = findBall(picture(paint({ x: 100.25, y: 200.75, ball, back })));
  assert.ok(found && distance(found, 100.25, 200.75) < 0.02);
});

test("an empty picture holds no ball, noise or not", () => {
  const random = chance(4);
  for (const noise of [0, 4, 8]) {
    assert.equal(findBall(picture(paint({ x: -999, y: -999, noise, random }))), null);
  }
});

test("the contrast that is asked for decides", () => {
  const faint = picture(paint({ x: 320, y: 240, ball: { y: 63, u: 128, v: 128 } }));
  assert.equal(findBall(faint, 60), null);
  assert.ok(findBall(faint, 15));
});

test("specks beside the ball do not draw it away", () => {
  const scene = paint({ x: 300.4, y: 200.6 });
  for (const [column, row] of [[20, 20], [600, 40], [24, 440]]) {
    for (let i = 0; i < 36; i++) {
      scene.data[(row + Math.floor(i / 6)) * 640 + column + (i % 6)] = 235;
    }
  }
  const found = findBall(picture(scene));
  assert.ok(found && distance(found, 300.4, 200.6) < 0.02);
});

test("a window of the picture gives the same place as all of it", () => {
  const random = chance(5);
  for (let i = 0; i < 20; i++) {
    const [x, y] = [80 + random() * 480, 80 + random() * 320];
    const scene = paint({ x, y });
    const window = searchWindow({ x: x - 4, y: y + 3, radius: 20, confidence: 1 }, { dx: 5, dy: 5 }, 640, 480);
    const found = findBall(cut(scene, window));
    assert.ok(found && distance(found, x, y) < 0.02);
    assert.equal(isCutOff(found, window, 640, 480), false);
  }
});

test("a ball at the edge of its window counts as cut off, and one at the edge of the picture does not", () => {
  const window = { x: 100, y: 100, width: 120, height: 120 };
  assert.equal(isCutOff({ x: 112, y: 160, radius: 20, confidence: 1 }, window, 640, 480), true);
  assert.equal(isCutOff({ x: 160, y: 160, radius: 20, confidence: 1 }, window, 640, 480), false);
  assert.equal(isCutOff({ x: 20, y: 20, radius: 20, confidence: 1 }, { x: 0, y: 0, width: 100, height: 100 }, 640, 480), false);
});

test("windows lie in the picture, on even pixels, and hold a ball that goes on or turns around", () => {
  const random = chance(6);
  for (let i = 0; i < 2000; i++) {
    const [width, height] = [32 + 2 * Math.floor(random() * 900), 32 + 2 * Math.floor(random() * 500)];
    const last = { x: random() * width, y: random() * height, radius: 1 + random() * 40, confidence: 1 };
    const motion = { dx: (random() - 0.5) * 60, dy: (random() - 0.5) * 60 };
    const window = searchWindow(last, motion, width, height);
    assert.ok(window);
    for (const value of Object.values(window)) {
      assert.ok(Number.isInteger(value) && value >= 0 && value % 2 === 0, JSON.stringify(window));
    }
    assert.ok(window.x + window.width <= width && window.y + window.height <= height);
    for (const turn of [1, -1]) {
      const next = { x: last.x + turn * motion.dx, y: last.y + turn * motion.dy };
      if (next.x >= 0 && next.x < width && next.y >= 0 && next.y < height) {
        assert.ok(next.x >= window.x && next.x <= window.x + window.width);
        assert.ok(next.y >= window.y && next.y <= window.y + window.height);
      }
    }
  }
  assert.equal(searchWindow(null, { dx: 0, dy: 0 }, 640, 480), null);
});

test("NV12 and RGBA give the same place", () => {
  const scene = paint({ x: 222.3, y: 111.8 });
  const nv12 = toNv12(scene);
  const byNv12 = findBall(ofNv12(nv12.data, nv12.layout, 640, 480));
  assert.ok(byNv12 && distance(byNv12, 222.3, 111.8) < 0.02);
  const byRgba = findBall(ofRgba(toRgba(scene), 640, 480));
  assert.ok(byRgba && distance(byRgba, 222.3, 111.8) < 0.05, JSON.stringify(byRgba));
});

test("pictures of nothing but chance neither fail nor hang", () => {
  const random = chance(7);
  for (let i = 0; i < 40; i++) {
    const [width, height] = [16 + 2 * Math.floor(random() * 60), 16 + 2 * Math.floor(random() * 60)];
    const scene = paint({ width, height, x: -999, y: -999 });
    scene.data.forEach((_, at) => {
      scene.data[at] = Math.floor(random() * 256);
    });
    const found = findBall(picture(scene), 5);
    if (found) {
      assert.ok([found.x, found.y, found.radius, found.confidence].every(Number.isFinite));
      assert.ok(found.confidence >= 0 && found.confidence <= 1);
    }
  }
});

test("finding in a window takes far less than a frame lasts", () => {
  const scene = paint({ width: 1280, height: 720, x: 700.5, y: 300.5 });
  const window = searchWindow({ x: 700, y: 300, radius: 20, confidence: 1 }, { dx: 4, dy: 4 }, 1280, 720);
  const part = cut(scene, window);
  for (let i = 0; i < 200; i++) findBall(part);
  const started = performance.now();
  for (let i = 0; i < 200; i++) findBall(part);
  const each = (performance.now() - started) / 200;
  assert.ok(each < 8, `${each} ms`);
});

function cut({ data, layout, width }, window) {
  const part = new Uint8Array((window.width * window.height * 3) / 2);
  const parts = [];
  let at = 0;
  layout.forEach(({ offset, stride }, plane) => {
    const scale = plane === 0 ? 1 : 2;
    const columns = window.width / scale;
    parts.push({ offset: at, stride: columns });
    for (let row = 0; row < window.height / scale; row++) {
      const from = offset + (window.y / scale + row) * stride + window.x / scale;
      part.set(data.subarray(from, from + columns), at);
      at += columns;
    }
  });
  assert.ok(width >= window.width);
  return ofI420(part, parts, window.width, window.height, window.x, window.y);
}

function toNv12({ data, layout, width, height }) {
  const out = data.slice();
  const chroma = width * height;
  for (let i = 0; i < chroma / 4; i++) {
    out[chroma + 2 * i] = data[layout[1].offset + i];
    out[chroma + 2 * i + 1] = data[layout[2].offset + i];
  }
  return { data: out, layout: [layout[0], { offset: chroma, stride: width }] };
}

function toRgba({ data, layout, width, height }) {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const luma = 1.164 * (data[row * width + column] - 16);
      const half = (row >> 1) * (width / 2) + (column >> 1);
      const u = data[layout[1].offset + half] - 128;
      const v = data[layout[2].offset + half] - 128;
      rgba.set([luma + 1.596 * v, luma - 0.392 * u - 0.813 * v, luma + 2.017 * u, 255], (row * width + column) * 4);
    }
  }
  return rgba;
}
