/** The texts that page and server exchange, one JSON object each: see docs/protocol.md. */

/**
 * @typedef {{ score: string, rtp?: number, error?: number, realtime?: number, latency?: number, truth?: [number, number] }} Score
 */

/**
 * @typedef {{ kind: "answer", sdp: string }
 *   | { kind: "candidate", candidate: string, mid: string | null, index: number }
 *   | { kind: "score", score: Score }
 *   | { kind: "ask", id: number, t1: string }
 *   | { kind: "hello" }
 *   | { kind: "bye" }
 *   | { kind: "unknown" }} ServerMessage
 */

/** What is longer is no message of ours. */
const LONGEST = 64 * 1024;

/**
 * Understands a text of the server's; never throws.
 * @param {string} text
 * @returns {ServerMessage}
 */
export function readMessage(text) {
  const message = parse(text);
  if (message === null) {
    return { kind: "unknown" };
  }
  if (typeof message.score === "string") {
    return isScore(message) ? { kind: "score", score: message } : { kind: "unknown" };
  }
  if (message.clock === "ask" && Number.isInteger(message.id)) {
    // As it was written: nanoseconds may have more digits than a number here can hold.
    const t1 = /"t1"\s*:\s*(-?\d{1,19})\b/.exec(text);
    return t1 ? { kind: "ask", id: message.id, t1: t1[1] } : { kind: "unknown" };
  }
  if (typeof message.hello === "string") {
    return { kind: "hello" };
  }
  switch (message.type) {
    case "answer":
      return typeof message.sdp === "string" ? { kind: "answer", sdp: message.sdp } : { kind: "unknown" };
    case "candidate":
      return typeof message.candidate === "string"
        ? {
          kind: "candidate",
          candidate: message.candidate,
          mid: typeof message.id === "string" ? message.id : null,
          index: Number.isInteger(message.label) ? message.label : 0,
        }
        : { kind: "unknown" };
    case "bye":
      return { kind: "bye" };
    default:
      return { kind: "unknown" };
  }
}

/** @param {string} text */
function parse(text) {
  if (text.length > LONGEST) {
    return null;
  }
  try {
    const message = JSON.parse(text);
    return typeof message === "object" && message !== null && !Array.isArray(message) ? message : null;
  } catch {
    return null;
  }
}

/**
 * @param {any} message
 * @returns {message is Score}
 */
function isScore(message) {
  const numbers = message.score === "matched"
    ? [message.rtp, message.error, message.realtime, message.latency, message.truth?.[0], message.truth?.[1]]
    : message.score === "plain" ? [message.realtime] : [];
  return numbers.every((number) => Number.isFinite(number));
}

/** @param {string} sdp */
export const offer = (sdp) => JSON.stringify({ type: "offer", sdp });

export const bye = () => JSON.stringify({ type: "bye" });

/** From now on the server may ask for our clock. */
export const hello = () => JSON.stringify({ hello: "page", version: 1, clock: true });

/** @param {RTCIceCandidate} candidate */
export const candidateText = (candidate) => JSON.stringify({
  type: "candidate", candidate: candidate.candidate, id: candidate.sdpMid ?? "0", label: candidate.sdpMLineIndex ?? 0,
});

/**
 * @param {number} id
 * @param {string} t1
 * @param {number} heard milliseconds
 * @param {number} now milliseconds
 */
export const clockAnswer = (id, t1, heard, now) =>
  `{"clock":"answer","id":${id},"t1":${t1},"t2":${nanoseconds(heard)},"t3":${nanoseconds(now)}}`;

/**
 * @typedef {{ rtp: number | undefined, x: number, y: number, confidence: number, received?: number, decoded?: number,
 *   handedOff?: number, detected?: number, sent?: number }} Sample times in milliseconds
 */

/**
 * Where the ball was seen. Without a timestamp the server can score it only against what is true when it comes.
 * @param {Sample} sample
 */
export function coordinates(sample) {
  const fields = [];
  if (sample.rtp !== undefined) {
    fields.push(`"rtp":${sample.rtp}`);
  }
  fields.push(`"x":${sample.x.toFixed(3)}`, `"y":${sample.y.toFixed(3)}`, `"confidence":${sample.confidence.toFixed(3)}`);
  for (const name of /** @type {const} */ (["received", "decoded", "handedOff", "detected", "sent"])) {
    const time = sample[name];
    if (time !== undefined && time > 0) {
      fields.push(`"${name}":${nanoseconds(time)}`);
    }
  }
  return `{${fields.join(",")}}`;
}

/** @param {number} milliseconds */
const nanoseconds = (milliseconds) => Math.round(milliseconds * 1e6);
