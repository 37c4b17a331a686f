/**
 * The way to the server: WebTransport where both ends have it, a WebSocket otherwise. Either carries the same lines.
 */

import { LineSplitter } from "./lines.js";

/** How long WebTransport may take to connect before the WebSocket does. */
const PATIENCE = 3000;

/**
 * @typedef {object} Transport
 * @property {"WebTransport" | "WebSocket"} name
 * @property {string} because why it is that one, or ""
 * @property {(line: string) => void} send
 * @property {(code?: number) => void} close
 * @property {(handler: (line: string) => void) => void} listen
 * @property {Promise<string>} closed why, in words; "" when nobody said
 */

/** @typedef {{ url?: string, hashes?: string[], missing?: string }} WebTransportOffer */

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
  /** @type {Transport} */
  const transport = {
    name: "WebSocket",
    because,
    closed,
    send: (line) => {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(line);
      }
    },
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
async function webTransport({ url, hashes }, signal) {
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
    return overStream(session, stream);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/**
 * @param {WebTransport} session
 * @param {WebTransportBidirectionalStream} stream
 * @returns {Transport}
 */
function overStream(session, stream) {
  const writer = stream.writable.getWriter();
  const encoder = new TextEncoder();
  /** @type {(why: string) => void} */
  let over = () => {};
  /** @type {Promise<string>} */
  const closed = new Promise((resolve) => {
    over = resolve;
  });
  session.closed.then((info) => over(info?.reason ?? ""), () => over(""));
  writer.closed.catch(() => {});

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
  return {
    name: "WebTransport",
    because: "",
    closed,
    send: (line) => {
      writer.write(encoder.encode(`${line}\n`)).catch(() => {});
    },
    close: () => session.close(),
    listen: (handler) => void read(handler),
  };
}
