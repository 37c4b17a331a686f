/** The table of everybody who watches. */

import { fixed, NOTHING, short } from "./format.js";

/** @typedef {import("./server-api.js").Peer} Peer */

export class PeersTable {
  #body;
  /** Rows are kept and refilled, so that a reader's place in the table is too. @type {Map<string, HTMLTableRowElement>} */
  #rows = new Map();

  /** @param {HTMLTableSectionElement} body */
  constructor(body) {
    this.#body = body;
  }

  /** @param {Peer[]} peers */
  show(peers) {
    const names = new Set(peers.map(({ name }) => name));
    for (const [name, row] of this.#rows) {
      if (!names.has(name)) {
        row.remove();
        this.#rows.delete(name);
      }
    }
    this.#body.querySelector("tr.empty")?.remove();
    for (const peer of peers) {
      this.#fill(this.#rows.get(peer.name) ?? this.#add(peer.name), peer);
    }
    if (peers.length === 0) {
      this.#say("Nobody watches.");
    }
  }

  /** The server cannot be seen: what the table said does not hold any more. */
  clear() {
    this.#rows.clear();
    this.#body.replaceChildren();
    this.#say("The server cannot be reached.");
  }

  /** @param {string} text */
  #say(text) {
    const row = this.#body.insertRow();
    row.className = "empty";
    const cell = row.insertCell();
    cell.colSpan = 11;
    cell.textContent = text;
  }

  /** @param {string} name */
  #add(name) {
    const row = this.#body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    row.append(head);
    for (let i = 0; i < 10; i++) {
      row.insertCell();
    }
    this.#rows.set(name, row);
    return row;
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {Peer} peer
   */
  #fill(row, peer) {
    const texts = [
      peer.state,
      peer.samples > 0 ? fixed(peer.rate, 1) : NOTHING,
      fixed(peer.error, 3),
      fixed(peer.meanError, 3),
      fixed(peer.realtimeError, 1),
      short(peer.latency?.p50),
      short(peer.latency?.p95),
      short(peer.latency?.p99),
      String(peer.samples),
      String(peer.unmatched),
    ];
    texts.forEach((text, i) => {
      const cell = row.cells[i + 1];
      if (cell.textContent !== text) {
        cell.textContent = text;
      }
    });
    row.cells[10].className = peer.unmatched > 0 ? "bad" : "";
  }
}
