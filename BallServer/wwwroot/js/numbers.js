/** The numbers of the last second, and the series behind numbers and charts. */

import { element } from "./element.js";
import { bitrate, fixed, NOTHING, short } from "./format.js";
import { Growth, Recent } from "./statistics.js";

/** @typedef {import("./messages.js").Score} Score */

/** What "now" means. */
const WINDOW = 1000;

/** What outliers are looked for in. */
const LONG = 10_000;

/** 30 s at 120 frames a second. */
const CAPACITY = 3600;

export class Numbers {
  error = new Recent(CAPACITY);
  realtime = new Recent(CAPACITY);
  latency = new Recent(CAPACITY);
  cost = new Recent(CAPACITY);
  /** When each frame came to be shown. */
  frames = new Recent(CAPACITY);

  /** How many samples were scored, and how many could not be. */
  scored = 0;
  unmatched = 0;
  #bits = new Growth();
  #texts = new Map();
  /** @type {Record<string, string>} */
  #meanings = {};

  /**
   * @param {number} now
   * @param {Score} score
   */
  take(now, score) {
    if (score.score === "unmatched") {
      this.unmatched++;
    }
    if (score.realtime !== undefined) {
      this.scored++;
      this.realtime.add(now, score.realtime);
    }
    if (score.error !== undefined && score.latency !== undefined) {
      this.error.add(now, score.error);
      this.latency.add(now, score.latency);
    }
  }

  clear() {
    for (const series of [this.error, this.realtime, this.latency, this.cost, this.frames]) {
      series.clear();
    }
  }

  /**
   * @param {number} now
   * @param {string} looked how much of the picture the finder looks at
   */
  show(now, looked) {
    const since = now - WINDOW;
    this.#set("error", fixed(this.error.mean(since), 3));
    this.#set("realtime", fixed(this.realtime.mean(since), 2));
    this.#set("latency", fixed(this.latency.percentile(since, 50), 1));
    this.#set("cost", fixed(this.cost.percentile(since, 50), 2));
    this.#set("fps", fixed(this.frames.rate(since), 1));
    const long = now - LONG;
    this.#note("error", this.error.percentile(long, 95), (p95) => `p95 ${short(p95)} px over 10 s, ${this.scored} scored`
      + (this.unmatched > 0 ? `, ${this.unmatched} unmatched` : ""));
    this.#note("realtime", this.realtime.percentile(long, 95), (p95) => `p95 ${short(p95)} px over 10 s`);
    this.#note("latency", this.latency.percentile(long, 95), (p95) => `p95 ${fixed(p95, 1)} over 10 s`);
    this.#note("fps", this.realtime.rate(since), (rate) => `scored ${fixed(rate, 1)}/s`);
    this.#note("cost", this.cost.mean(since), () => looked);
  }

  /** What the charts show, in words: for who cannot see them. @param {number} now */
  describe(now) {
    const since = now - 20_000;
    const error = `same frame ${short(this.error.mean(since))} pixels, real time ${short(this.realtime.mean(since))} pixels`;
    element("error-chart", HTMLCanvasElement).ariaLabel = `Mean error over the last 20 seconds: ${error}`;
    const [half, most] = [50, 95].map((share) => short(this.latency.percentile(since, share)));
    const latency = `half of the samples within ${half}, 95 % within ${most}`;
    element("latency-chart", HTMLCanvasElement).ariaLabel = `Loop latency over the last 20 seconds in milliseconds: ${latency}`;
  }

  /**
   * What the browser knows of the connection.
   * @param {RTCPeerConnection | null} connection
   */
  async showNetwork(connection) {
    /** @type {any} */
    let video = null;
    /** @type {any} */
    const reports = await connection?.getStats().catch(() => null) ?? null;
    reports?.forEach((/** @type {any} */ report) => {
      if (report.type === "inbound-rtp" && report.kind === "video") {
        video = report;
      }
    });
    if (video === null) {
      this.#set("bitrate", NOTHING);
      this.#note("bitrate", null, () => "");
      return;
    }
    const { value, unit } = bitrate(this.#bits.of(video.timestamp, (video.bytesReceived + (video.headerBytesReceived ?? 0)) * 8));
    this.#set("bitrate", value);
    this.#set("bitrate-unit", unit);
    this.#note("bitrate", video.packetsLost, (lost) => `${lost} packets lost`);
  }

  /**
   * What stands under a number; what it means, where there is none.
   * @param {string} id
   * @param {number | null} value
   * @param {(value: number) => string} text
   */
  #note(id, value, text) {
    const meaning = this.#meanings[`${id}-note`] ??= element(`${id}-note`, HTMLElement).textContent ?? "";
    this.#set(`${id}-note`, value === null ? meaning : text(value));
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  #set(id, text) {
    if (this.#texts.get(id) !== text) {
      this.#texts.set(id, text);
      element(id, HTMLElement).textContent = text;
    }
  }
}
