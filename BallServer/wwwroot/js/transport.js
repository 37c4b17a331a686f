/**
 * The way to the server: WebTransport where both ends have it, a WebSocket otherwise. Either carries the same lines.
 */

import { LineSplitter } from "./lines.js";

/** How long WebTransport may take to connect before the WebSocket does. */
const PATIENCE = 3000;

/**
 * @typedef {object} Transport
 * @property {string} name WebTransport with the server's QUIC, or WebSocket
 * @property {string} because why it is that one, or ""
 * @property {(line: string) => void} send
 * @property {(line: string) => void} post sends what may be lost, and is no use late
 * @property {(code?: number) => void} close
 * @property {(handler: (line: string) => void) => void} listen
 * @property {Promise<string>} closed why, in words; "" when nobody said
 */

/** @typedef {{ url?: string, hashes?: string[], quic?: string, missing?: string }} WebTransportOffer */

/**
 * Why this page cannot use WebTransport, or null where it can be tried.
 * @param {WebTransportOffer | undefined} offered
 * @param {{ WebTransport?: unknown, isSecureContext?: boolean }} browser
 */
export function whyNot(offered, browser) {
  if (!offered?.url) {
    return offered?.missing ?? "the server does not offer WebTransport";
  }
  if (browser.isSecureContext === false) {
    return "browsers allow WebTransport only over https or on localhost";
  }
  if (typeof browser.WebTransport !== "function") {
    return "this browser does not know WebTransport";
  }
  return null;
}

/**
 * @param {WebTransportOffer | undefined} offered
 * @param {AbortSignal} signal
 * @returns {Promise<Transport>}
 */
export async function connect(offered, signal) {
  let because = whyNot(offered, globalThis);
  if (because === null) {
    try {
      return await webTransport(/** @type {WebTransportOffer} */ (offered), signal);
    } catch (error) {
      because = `WebTransport did not connect (${error instanceof Error ? error.message : error})`;
    }
  }
  signal.throwIfAborted();
  return webSocket(because, signal);
}

/**
 * @param {string} because
 * @param {AbortSignal} signal
 * @returns {Promise<Transport>}
 */
function webSocket(because, signal) {
  const url = new URL("session", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  const socket = new WebSocket(url);
  /** @type {((line: string) => void) | null} */
  let handler = null;
  /** @type {string[]} */
  const early = [];
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") {
      handler ? handler(data) : early.push(data);
    }
  };
  /** @type {Promise<string>} */
  const closed = new Promise((resolve) => {
    socket.onclose = (event) => resolve(event.reason);
  });
  /** @param {string} line */
  const send = (line) => {
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(line);
    }
  };
  /** @type {Transport} */
  const transport = {
    name: "WebSocket",
    because,
    closed,
    send,
    post: send,
    close: () => socket.close(1000),
    listen: (listener) => {
      handler = listener;
      early.splice(0).forEach(listener);
    },
  };
  return new Promise((resolve, reject) => {
    const abort = () => {
      socket.close();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.onopen = () => {
      signal.removeEventListener("abort", abort);
      resolve(transport);
    };
    socket.onerror = () => reject(new Error("The server cannot be reached."));
  });
}

/**
 * @param {WebTransportOffer} offered
 * @param {AbortSignal} signal
 * @returns {Promise<Transport>}
 */
async function webTransport({ url, hashes, quic }, signal) {
  const session = new WebTransport(/** @type {string} */ (url), {
    serverCertificateHashes: (hashes ?? []).map((hash) => ({
      algorithm: "sha-256",
      value: Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0)),
    })),
  });
  // Whoever waits for these sees their failure; nobody else needs to.
  session.closed.catch(() => {});
  const timer = setTimeout(() => session.close(), PATIENCE);
  const abort = () => session.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await session.ready;
    const stream = await session.createBidirectionalStream();
    return overSession(session, stream, `WebTransport (QUIC: ${quic})`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/**
 * @param {WebTransport} session
 * @param {WebTransportBidirectionalStream} stream
 * @param {string} name
 * @returns {Transport}
 */
function overSession(session, stream, name) {
  const writer = stream.writable.getWriter();
  const datagrams = datagramWriter(session);
  const encoder = new TextEncoder();
  /** @type {(why: string) => void} */
  let over = () => {};
  /** @type {Promise<string>} */
  const closed = new Promise((resolve) => {
    over = resolve;
  });
  session.closed.then((info) => over(info?.reason ?? ""), () => over(""));
  writer.closed.catch(() => {});
  datagrams.closed.catch(() => {});

  /** @param {(line: string) => void} handler */
  const read = async (handler) => {
    const reader = stream.readable.getReader();
    const lines = new LineSplitter();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          break;
        }
        lines.push(value).forEach(handler);
      }
    } catch {
      // The session's end says more.
    }
    setTimeout(() => over(""), 200);
  };

  /** @param {(line: string) => void} handler */
  const readPosted = async (handler) => {
    const reader = session.datagrams.readable.getReader();
    const decoder = new TextDecoder();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        handler(decoder.decode(next.value));
      }
    } catch {
      // The session's end says more.
    }
  };

  /** @param {string} line */
  const send = (line) => {
    writer.write(encoder.encode(`${line}\n`)).catch(() => {});
  };
  return {
    name,
    because: "",
    closed,
    send,
    post: (line) => {
      const text = encoder.encode(line);
      if (text.length > session.datagrams.maxDatagramSize) {
        send(line);
      } else {
        datagrams.write(text).catch(() => {});
      }
    },
    close: () => session.close(),
    listen: (handler) => {
      void read(handler);
      void readPosted(handler);
    },
  };
}

/**
 * Datagrams went by another name before the standard settled.
 * @param {WebTransport} session
 * @returns {WritableStreamDefaultWriter<Uint8Array>}
 */
function datagramWriter({ datagrams }) {
  const { createWritable } = /** @type {{ createWritable?: () => WritableStream<Uint8Array> }} */ (datagrams);
  return (createWritable ? createWritable.call(datagrams) : datagrams.writable).getWriter();
}
