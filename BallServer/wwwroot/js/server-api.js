/** What the server tells over HTTP, and what it can be told. */

/**
 * @typedef {{ fps: number, width: number, height: number, bitrate: number, speed: number, radius: number,
 *   bounce: "fixed" | "random", seed: number }} Settings
 */

/**
 * @typedef {{ name: string, state: string, rate: number, samples: number, unmatched: number, error?: number, meanError?: number,
 *   realtimeError?: number, latency?: { p50: number, p95: number, p99: number }, clockOffset?: number,
 *   clockUncertainty?: number }} Peer
 */

/**
 * @typedef {{ run: string, running: number, fps: number, settings: Settings, peers: Peer[],
 *   controls?: { allowed: boolean, token: boolean }, limits?: Record<string, [number, number]>,
 *   webTransport?: { url?: string, hashes?: string[], quic?: string, missing?: string } }} State
 */

/** How long a request may take. */
const PATIENCE = 5000;

export class ServerApi {
  /** Lets this page control the server from elsewhere. */
  token = "";

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<State>}
   */
  async state(signal) {
    const response = await this.#ask("api/state", {}, signal);
    if (!response.ok) {
      throw new Error(`The server does not say how it is (${response.status}).`);
    }
    return response.json();
  }

  /**
   * Changes the stream; the settings that then hold.
   * @param {Partial<Settings>} change
   * @returns {Promise<Settings>}
   */
  async change(change) {
    const response = await this.#ask("api/settings", {
      method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(change),
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Error(answer.problem ?? `The server refused (${response.status}).`);
    }
    return answer;
  }

  /**
   * Looks at the server all the time.
   * @param {(state: State | null) => void} onState null: it cannot be seen just now
   * @returns {() => void} ends it
   */
  watch(onState) {
    const feed = new EventSource("api/events");
    feed.onmessage = ({ data }) => {
      try {
        onState(JSON.parse(data));
      } catch {
        // Half a message of a server that died; the next one is whole.
      }
    };
    feed.onerror = () => onState(null);
    return () => feed.close();
  }

  /**
   * @param {string} path
   * @param {RequestInit & { headers?: Record<string, string> }} init
   * @param {AbortSignal} [signal]
   */
  async #ask(path, init, signal) {
    const headers = { ...init.headers, ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) };
    const patience = AbortSignal.timeout(PATIENCE);
    try {
      return await fetch(path, {
        ...init, headers, cache: "no-store", signal: signal ? AbortSignal.any([signal, patience]) : patience,
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new Error("The server cannot be reached.", { cause: error });
    }
  }
}
