import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../BallServer/wwwroot/js/backoff.js";
import { bitrate, fixed, NOTHING, short } from "../../BallServer/wwwroot/js/format.js";
import { LineSplitter } from "../../BallServer/wwwroot/js/lines.js";
import { linear, logarithmic } from "../../BallServer/wwwroot/js/scale.js";
import { Growth, Recent } from "../../BallServer/wwwroot/js/statistics.js";
import { whyNot } from "../../BallServer/wwwroot/js/transport.js";
import { chance } from "./support.js";

test("lines come out whole, however the bytes are cut", () => {
  const random = chance(21);
  const lines = ['{"a":1}', '{"text":"ä€🎾"}', "x".repeat(3000), '{"b":2}'];
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  for (let round = 0; round < 200; round++) {
    const splitter = new LineSplitter();
    const seen = [];
    for (let at = 0; at < bytes.length;) {
      const end = Math.min(bytes.length, at + 1 + Math.floor(random() * 60));
      seen.push(...splitter.push(bytes.subarray(at, end)));
      at = end;
    }
    assert.deepEqual(seen, lines);
  }
});

test("a line without end is refused before it fills the memory", () => {
  const splitter = new LineSplitter();
  assert.throws(() => {
    for (let i = 0; i < 100; i++) {
      splitter.push(new Uint8Array(1024).fill(120));
    }
  });
});

test("recent values: mean, rate and percentile of the last while only", () => {
  const recent = new Recent(100);
  assert.equal(recent.mean(0), null);
  assert.equal(recent.rate(0), null);
  assert.equal(recent.percentile(0, 95), null);
  for (let i = 0; i < 1000; i++) {
    recent.add(i * 20, i);
  }
  assert.equal(recent.count, 100);
  assert.equal(recent.mean(999 * 20), 999);
  assert.equal(recent.mean(998 * 20), 998.5);
  assert.equal(recent.rate(950 * 20), 50);
  assert.equal(recent.percentile(0, 0), 900);
  assert.equal(recent.percentile(0, 50), 950);
  assert.equal(recent.percentile(0, 100), 999);
  recent.clear();
  assert.equal(recent.mean(0), null);
});

test("recent values agree with a plain list", () => {
  const random = chance(22);
  const recent = new Recent(64);
  const list = [];
  let time = 0;
  for (let i = 0; i < 2000; i++) {
    time += random() * 10;
    const value = random() * 100;
    recent.add(time, value);
    list.push({ time, value });
    const since = time - random() * 400;
    const wanted = list.slice(-64).filter((entry) => entry.time >= since).map((entry) => entry.value);
    assert.deepEqual(recent.values(since), wanted);
  }
});

test("a counter that begins anew has no rate for once", () => {
  const growth = new Growth();
  assert.equal(growth.of(0, 100), null);
  assert.equal(growth.of(500, 150), 100);
  assert.equal(growth.of(1000, 20), null);
  assert.equal(growth.of(1500, 30), 20);
  assert.equal(growth.of(1500, 40), null);
});

test("pauses grow to a limit, stay apart, and start small again", () => {
  const backoff = new Backoff(300, 5000, () => 0.5);
  const pauses = Array.from({ length: 10 }, () => backoff.next());
  assert.equal(pauses[0], 300);
  assert.ok(pauses.every((pause, i) => i === 0 || pause >= pauses[i - 1]));
  assert.equal(pauses.at(-1), 5000);
  backoff.reset();
  assert.equal(backoff.next(), 300);
  assert.notEqual(new Backoff(300, 5000, () => 0).next(), new Backoff(300, 5000, () => 1).next());
});

test("numbers for people say no more than is known", () => {
  assert.equal(fixed(null, 2), NOTHING);
  assert.equal(fixed(Number.NaN, 2), NOTHING);
  assert.equal(fixed(1.005, 1), "1.0");
  assert.deepEqual([0.00449, 0.99949, 0.9996, 9.994, 9.996, 99.94, 99.96, 1234].map(short),
    ["0.004", "0.999", "1.00", "9.99", "10.0", "99.9", "100", "1234"]);
  assert.equal(short(undefined), NOTHING);
  assert.deepEqual(bitrate(1_500_000), { value: "1.50", unit: "Mbit/s" });
  assert.deepEqual(bitrate(999_400), { value: "999", unit: "kbit/s" });
  assert.deepEqual(bitrate(999_600), { value: "1.00", unit: "Mbit/s" });
  assert.deepEqual(bitrate(null), { value: NOTHING, unit: "kbit/s" });
});

test("axes hold every value, with a few round lines", () => {
  const random = chance(23);
  for (let i = 0; i < 2000; i++) {
    const most = 10 ** (random() * 7 - 3);
    const { top, ticks } = linear(most);
    assert.ok(top >= most * 0.999999 && top <= most * 3.001 + 1e-9, `${most} under ${top}`);
    assert.ok(ticks.length >= 2 && ticks.length <= 4 && ticks[0] === 0 && ticks.at(-1) === top);
    const log = logarithmic(0.001, most);
    assert.ok(log.top >= most * 0.999999 && log.bottom === 0.001 && log.top > log.bottom);
  }
});

test("the reason against WebTransport is the first that holds", () => {
  const all = { WebTransport: class {}, isSecureContext: true };
  assert.equal(whyNot({ url: "https://localhost:1/" }, all), null);
  assert.equal(whyNot({ missing: "this server has no QUIC" }, all), "this server has no QUIC");
  assert.match(whyNot(undefined, all), /does not offer/);
  assert.match(whyNot({ url: "https://localhost:1/" }, { isSecureContext: true }), /does not know/);
  assert.match(whyNot({ url: "https://localhost:1/" }, { ...all, isSecureContext: false }), /https/);
});
