/** The numbers of the last second, and the series behind numbers and charts. */

import { element } from "./element.js";
import { bitrate, fixed, NOTHING, short } from "./format.js";
import { Growth, Recent } from "./statistics.js";

/** @typedef {import("./messages.js").Score} Score */

/** What "now" means. */
const WINDOW = 1000;

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
   * @param {{ skipped: number, looked: string }} finder
   */
  show(now, finder) {
    const since = now - WINDOW;
    this.#set("error", fixed(this.error.mean(since), 3));
    this.#set("realtime", fixed(this.realtime.mean(since), 2));
    this.#set("latency", fixed(this.latency.percentile(since, 50), 1));
    this.#set("latency-note", `p95 ${fixed(this.latency.percentile(now - 10_000, 95), 1)} ms over 10 s`);
    this.#set("cost", fixed(this.cost.percentile(since, 50), 2));
    this.#set("cost-note", `${finder.looked || "each frame"}, ${finder.skipped} skipped`);
    this.#set("fps", fixed(this.frames.rate(since), 1));
    this.#set("fps-note", `scored ${fixed(this.realtime.rate(since), 1)}/s`);
    this.#set("error-note", `p95 ${short(this.error.percentile(now - 10_000, 95))} px over 10 s, ${this.scored} scored`
      + (this.unmatched > 0 ? `, ${this.unmatched} unmatched` : ""));
    this.#set("realtime-note", `p95 ${short(this.realtime.percentile(now - 10_000, 95))} px over 10 s`);
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
      this.#set("bitrate-note", `${NOTHING} packets lost`);
      return;
    }
    const { value, unit } = bitrate(this.#bits.of(video.timestamp, (video.bytesReceived + (video.headerBytesReceived ?? 0)) * 8));
    this.#set("bitrate", value);
    this.#set("bitrate-unit", unit);
    this.#set("bitrate-note", `${video.packetsLost} packets lost`);
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
