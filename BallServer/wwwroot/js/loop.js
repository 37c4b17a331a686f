/**
 * One visitor's loop: offers, plays, reports coordinates, hears scores. When the server goes away it tries again until it is told
 * to stop.
 */

import { Backoff } from "./backoff.js";
import * as messages from "./messages.js";
import { connect } from "./transport.js";

/** @typedef {import("./transport.js").Transport} Transport */
/** @typedef {import("./messages.js").Score} Score */
/** @typedef {import("./messages.js").Sample} Sample */

/**
 * @typedef {{ phase: "stopped" | "connecting" | "playing" | "paused" | "waiting", transport?: string, because?: string,
 *   problem?: string }} LoopState
 */

/** How long an attempt may take until video flows, and how long video may stand still. */
const PATIENCE = 12_000;

/** Video that stands still for so long is no live video: the slowest that can be asked for has a frame a second. */
const STILL = 2500;

export class Loop {
  #video;
  #onState;
  #onScore;
  #readState;
  #backoff = new Backoff(300, 5000);
  /** @type {AbortController | null} */
  #running = null;
  /** @type {Transport | null} */
  #transport = null;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {() => void} */
  #hurry = () => {};
  /** @type {() => void} */
  #frame = () => {};

  /**
   * @param {HTMLVideoElement} video
   * @param {{ onState: (state: LoopState) => void, onScore: (score: Score) => void,
   *   readState: (signal: AbortSignal) => Promise<{ webTransport?: import("./transport.js").WebTransportOffer }> }} handlers
   */
  constructor(video, { onState, onScore, readState }) {
    this.#video = video;
    this.#onState = onState;
    this.#onScore = onScore;
    this.#readState = readState;
  }

  /** For statistics; null while there is none. */
  get connection() {
    return this.#connection;
  }

  get isRunning() {
    return this.#running !== null;
  }

  start() {
    if (this.#running === null) {
      this.#running = new AbortController();
      this.#backoff.reset();
      void this.#live(this.#running.signal);
    }
  }

  stop() {
    this.#running?.abort(new Error("stopped"));
    this.#running = null;
    this.#onState({ phase: "stopped" });
  }

  /** Tries again at once, where it would have waited: the machine is online again, or somebody looks. */
  hurry() {
    this.#hurry();
  }

  /** A frame is shown. */
  frameShown() {
    this.#frame();
  }

  /**
   * Reports where the ball is.
   * @param {Sample} sample
   */
  report(sample) {
    this.#transport?.post(messages.coordinates({ ...sample, sent: performance.now() }));
  }

  /** @param {AbortSignal} signal */
  async #live(signal) {
    while (!signal.aborted) {
      let problem = "";
      try {
        problem = await this.#attempt(signal);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      if (signal.aborted) {
        return;
      }
      const pause = this.#backoff.next();
      this.#onState({ phase: "waiting", problem: problem || "The server hung up." });
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, pause);
        this.#hurry = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
        signal.addEventListener("abort", this.#hurry, { once: true });
      });
    }
  }

  /**
   * Lives one session; the result says why it ended.
   * @param {AbortSignal} signal
   * @returns {Promise<string>}
   */
  async #attempt(signal) {
    this.#onState({ phase: "connecting" });
    const { webTransport } = await this.#readState(signal);
    const transport = await connect(webTransport, signal);
    if (signal.aborted) {
      transport.close();
      return "stopped";
    }
    const connection = new RTCPeerConnection();
    this.#transport = transport;
    this.#connection = connection;
    const { name, because } = transport;
    this.#onState({ phase: "connecting", transport: name, because });
    const over = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => resolve("stopped"), { once: true });
        void transport.closed.then(resolve);
        this.#watchFrames({ transport: name, because }, resolve, over.signal);
        connection.onconnectionstatechange = () => {
          if (connection.connectionState === "failed") {
            resolve("Video stopped: no way leads to the server any more.");
          }
        };
        this.#negotiate(connection, transport, resolve).catch(reject);
      });
    } finally {
      over.abort();
      this.#frame = () => {};
      this.#transport = null;
      this.#connection = null;
      transport.send(messages.bye());
      transport.close();
      connection.close();
      this.#video.srcObject = null;
    }
  }

  /**
   * Tells whether video flows. In a tab that is hidden no frames are shown, however well they come: a pause, and no failure.
   * @param {{ transport: string, because: string }} way
   * @param {(why: string) => void} end
   * @param {AbortSignal} signal
   */
  #watchFrames(way, end, signal) {
    let last = performance.now();
    /** @type {"connecting" | "playing" | "paused"} */
    let phase = "connecting";
    /**
     * @param {"playing" | "paused"} next
     * @param {string} [problem]
     */
    const become = (next, problem) => {
      phase = next;
      this.#onState({ phase, problem, ...way });
    };
    this.#frame = () => {
      last = performance.now();
      if (phase !== "playing") {
        this.#backoff.reset();
        become("playing");
      }
    };
    const look = () => {
      const still = performance.now() - last;
      if (document.hidden) {
        if (phase !== "paused") {
          become("paused", "The page is hidden. Browsers show no frames then, so nothing is measured.");
        }
      } else if (still > PATIENCE) {
        end("No video came in time.");
      } else if (still > STILL && phase === "playing") {
        become("paused", "No new picture comes from the server.");
      }
    };
    document.addEventListener("visibilitychange", () => {
      last = performance.now();
      look();
    }, { signal });
    const timer = setInterval(look, 500);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  }

  /**
   * @param {RTCPeerConnection} connection
   * @param {Transport} transport
   * @param {(why: string) => void} end
   */
  async #negotiate(connection, transport, end) {
    connection.ontrack = ({ track, receiver }) => {
      hurryUp(receiver);
      this.#video.srcObject = new MediaStream([track]);
      // Autoplay of a muted video is always allowed; what else may go wrong shows as no video.
      this.#video.play().catch(() => {});
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) {
        transport.send(messages.candidateText(candidate));
      }
    };
    transport.listen((line) => this.#hear(line, connection, transport, end));
    const { receiver } = onlyH264(connection.addTransceiver("video", { direction: "recvonly" }));
    hurryUp(receiver);
    await connection.setLocalDescription();
    transport.send(messages.offer(/** @type {RTCSessionDescription} */ (connection.localDescription).sdp));
    transport.send(messages.hello());
  }

  /**
   * @param {string} line
   * @param {RTCPeerConnection} connection
   * @param {Transport} transport
   * @param {(why: string) => void} end
   */
  #hear(line, connection, transport, end) {
    const heard = performance.now();
    const message = messages.readMessage(line);
    switch (message.kind) {
      case "score":
        this.#onScore(message.score);
        break;
      case "ask":
        transport.send(messages.clockAnswer(message.id, message.t1, heard, performance.now()));
        break;
      case "answer":
        connection.setRemoteDescription({ type: "answer", sdp: message.sdp }).catch(
          (error) => end(`The server's answer does not fit: ${error.message}`));
        break;
      case "candidate":
        // One that cannot be used is one way less.
        const { candidate, mid: sdpMid, index: sdpMLineIndex } = message;
        connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }).catch(() => {});
        break;
      case "bye":
        // The reason follows with the transport's end, if there is one.
        void transport.closed.then(end);
        setTimeout(() => end(""), 300);
        break;
    }
  }
}

/**
 * The server speaks H.264 only; saying so keeps the offer short.
 * @param {RTCRtpTransceiver} transceiver
 */
function onlyH264(transceiver) {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs ?? [];
  const wanted = codecs.filter(({ mimeType }) => mimeType === "video/H264" || mimeType === "video/rtx");
  if (wanted.some(({ mimeType }) => mimeType === "video/H264")) {
    transceiver.setCodecPreferences(wanted);
  }
  return transceiver;
}

/**
 * No frame is to wait for smoothness: lateness is what is measured.
 * @param {any} receiver
 */
function hurryUp(receiver) {
  for (const wish of ["jitterBufferTarget", "playoutDelayHint"]) {
    if (wish in receiver) {
      receiver[wish] = 0;
    }
  }
}
