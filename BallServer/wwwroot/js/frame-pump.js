/**
 * Gives the frames that the video shows to the detector, each with its RTP timestamp, and tells what comes of them. While the
 * detector is busy frames are left out, and counted: the newest counts, not all of them.
 */

/** @typedef {import("./finder.js").Sighting} Sighting */

/**
 * @typedef {object} Detection
 * @property {number | undefined} rtp
 * @property {Sighting | null} found
 * @property {{ x: number, y: number, width: number, height: number } | null} looked
 * @property {number} width
 * @property {number} height
 * @property {number} cost milliseconds that finding took
 * @property {VideoFrame | null} frame the picture itself, if it was to be kept; whoever gets it closes it
 * @property {{ received?: number, decoded?: number, handedOff: number, detected: number }} times
 *   milliseconds of this page's clock
 */

/** A detector that does not answer for so long is replaced. */
const DEAD_AFTER = 3000;

export class FramePump {
  #video;
  #makeWorker;
  #onFrame;
  #onDetection;
  /** @type {Worker | null} */
  #worker = null;
  /**
   * @type {{ id: number, rtp: number | undefined, kept: VideoFrame | null,
   *   times: { received?: number, decoded?: number, handedOff: number } } | null}
   */
  #waiting = null;
  #next = 0;
  #handle = 0;
  /** The frame that was handed over last. @type {number | undefined} */
  #last;

  /** Frames that the detector had no time for. */
  skipped = 0;

  /** Why finding fails, or "". */
  problem = "";

  settings = { on: true, follow: true, contrast: 40, keep: true };

  /**
   * @param {HTMLVideoElement} video
   * @param {() => Worker} makeWorker
   * @param {{ onFrame: (now: number, metadata: VideoFrameCallbackMetadata) => void,
   *   onDetection: (detection: Detection) => void }} handlers
   */
  constructor(video, makeWorker, { onFrame, onDetection }) {
    this.#video = video;
    this.#makeWorker = makeWorker;
    this.#onFrame = onFrame;
    this.#onDetection = onDetection;
    this.#request();
  }

  #request() {
    if (!("requestVideoFrameCallback" in this.#video)) {
      this.problem = "This browser does not say which frame it shows, so it cannot look for the ball.";
      return;
    }
    this.#handle = this.#video.requestVideoFrameCallback((now, metadata) => {
      this.#request();
      this.#onFrame(now, metadata);
      if (this.settings.on) {
        this.#detect(metadata);
      }
    });
  }

  stop() {
    this.#video.cancelVideoFrameCallback?.(this.#handle);
    this.#worker?.terminate();
  }

  /** @param {VideoFrameCallbackMetadata} metadata */
  #detect(metadata) {
    const now = performance.now();
    if (this.#waiting !== null) {
      this.skipped++;
      if (now - this.#waiting.times.handedOff > DEAD_AFTER) {
        this.#replaceWorker();
      }
      return;
    }
    if (typeof VideoFrame === "function") {
      let frame;
      try {
        frame = new VideoFrame(this.#video);
      } catch (error) {
        this.problem = `This browser hands out no frames: ${error}`;
        return;
      }
      const rtp = rtpOf(frame, metadata);
      // A page that lags is called for two frames and gets the newer one twice.
      if (rtp !== undefined && rtp === this.#last) {
        frame.close();
        return;
      }
      this.#last = rtp;
      this.#hand(frame, rtp, metadata, now);
      return;
    }
    const waiting = this.#expect(metadata.rtpTimestamp, metadata, now);
    createImageBitmap(this.#video).then(
      (bitmap) => this.#post(bitmap, waiting.id),
      (error) => {
        this.#waiting = null;
        this.problem = `This browser hands out no frames: ${error}`;
      },
    );
  }

  /**
   * @param {VideoFrame} frame
   * @param {number | undefined} rtp
   * @param {VideoFrameCallbackMetadata} metadata
   * @param {number} now
   */
  #hand(frame, rtp, metadata, now) {
    const waiting = this.#expect(rtp, metadata, now);
    waiting.kept = this.settings.keep ? frame.clone() : null;
    this.#post(frame, waiting.id);
  }

  /**
   * @param {number | undefined} rtp
   * @param {VideoFrameCallbackMetadata} metadata
   * @param {number} now
   */
  #expect(rtp, metadata, now) {
    const received = metadata.receiveTime;
    const decoded = received === undefined ? undefined : Math.min(metadata.presentationTime, now);
    this.#waiting = { id: ++this.#next, rtp, kept: null, times: { received, decoded, handedOff: now } };
    return this.#waiting;
  }

  /**
   * @param {VideoFrame | ImageBitmap} frame
   * @param {number} id
   */
  #post(frame, id) {
    const { contrast, follow } = this.settings;
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage({ id, frame, contrast, follow }, [frame]);
  }

  #startWorker() {
    const worker = this.#makeWorker();
    worker.onmessage = ({ data }) => this.#take(data);
    worker.onerror = () => {
      this.problem = "The detector could not be started.";
      this.#replaceWorker();
    };
    return worker;
  }

  #replaceWorker() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#waiting?.kept?.close();
    this.#waiting = null;
  }

  /** @param {any} result */
  #take(result) {
    const waiting = this.#waiting;
    if (waiting === null || result.id !== waiting.id) {
      return;
    }
    this.#waiting = null;
    this.problem = result.problem ?? "";
    this.#onDetection({
      rtp: waiting.rtp,
      found: result.found,
      looked: result.looked,
      frame: waiting.kept,
      width: result.width,
      height: result.height,
      cost: result.finished - result.started,
      times: { ...waiting.times, detected: result.finished - performance.timeOrigin },
    });
  }
}

/**
 * The identity of the frame in our hands. The video may already show the next one, so the frame's own word counts first.
 * @param {VideoFrame} frame
 * @param {VideoFrameCallbackMetadata} metadata
 * @returns {number | undefined}
 */
function rtpOf(frame, metadata) {
  const own = /** @type {any} */ (frame).metadata?.().rtpTimestamp;
  return own ?? metadata.rtpTimestamp;
}
