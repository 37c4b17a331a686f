/** The knobs that change what the server streams. */

import { bitrate } from "./format.js";
import { element } from "./element.js";

/** @typedef {import("./server-api.js").Settings} Settings */
/** @typedef {import("./server-api.js").ServerApi} ServerApi */

/** A knob that is being turned sends no more often than this. */
const PAUSE = 150;

const SLIDERS = /** @type {const} */ (["fps", "bitrate", "speed", "radius"]);

export class Controls {
  #api;
  #form = element("stream-form", HTMLFormElement);
  #fields = element("stream-fields", HTMLFieldSetElement);
  #size = element("set-size", HTMLSelectElement);
  #note = element("stream-note", HTMLElement);
  /** @type {Partial<Settings>} */
  #wanted = {};
  #timer = 0;
  #sending = false;
  #touchedAt = -Infinity;

  /** @param {ServerApi} api */
  constructor(api) {
    this.#api = api;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    for (const name of SLIDERS) {
      this.#slider(name).addEventListener("input", () => {
        this.#want({ [name]: this.#slider(name).valueAsNumber });
        this.#label(name);
      });
    }
    this.#size.addEventListener("change", () => {
      const [width, height] = this.#size.value.split("x").map(Number);
      this.#want({ width, height });
    });
    for (const radio of this.#bounces()) {
      radio.addEventListener("change", () => this.#want({ bounce: /** @type {"fixed" | "random"} */ (radio.value) }));
    }
  }

  /**
   * @param {{ allowed: boolean, token: boolean } | undefined} controls
   * @param {Record<string, [number, number]> | undefined} limits
   */
  allow(controls, limits) {
    const allowed = controls?.allowed ?? false;
    this.#fields.disabled = !allowed;
    const why = element("controls-why", HTMLElement);
    why.hidden = allowed || controls === undefined;
    why.textContent = controls?.token
      ? "Only who has the server's token may change the stream from here."
      : "Only people at the server's own machine may change the stream; it was started without --token.";
    element("token-form", HTMLFormElement).hidden = allowed || !controls?.token;
    for (const name of SLIDERS) {
      const range = limits?.[name];
      if (range) {
        [this.#slider(name).min, this.#slider(name).max] = range.map(String);
      }
    }
  }

  /** The server cannot be seen. */
  disable() {
    this.#fields.disabled = true;
  }

  /**
   * What holds; not while somebody turns a knob, lest it jump back under the hand.
   * @param {Settings} settings
   */
  show(settings) {
    if (performance.now() - this.#touchedAt < 1000 || this.#sending) {
      return;
    }
    for (const name of SLIDERS) {
      this.#slider(name).valueAsNumber = settings[name];
      this.#label(name);
    }
    const size = `${settings.width}x${settings.height}`;
    if (![...this.#size.options].some(({ value }) => value === size)) {
      this.#size.add(new Option(size));
    }
    this.#size.value = size;
    for (const radio of this.#bounces()) {
      radio.checked = radio.value === settings.bounce;
    }
  }

  /** @param {Partial<Settings>} change */
  #want(change) {
    Object.assign(this.#wanted, change);
    this.#touchedAt = performance.now();
    if (this.#timer === 0 && !this.#sending) {
      this.#timer = window.setTimeout(() => void this.#send(), PAUSE);
    }
  }

  async #send() {
    this.#timer = 0;
    this.#sending = true;
    const change = this.#wanted;
    this.#wanted = {};
    try {
      await this.#api.change(change);
      this.#say("Changed.", false);
    } catch (error) {
      this.#touchedAt = -Infinity;
      this.#say(error instanceof Error ? error.message : String(error), true);
    }
    this.#sending = false;
    if (Object.keys(this.#wanted).length > 0) {
      this.#timer = window.setTimeout(() => void this.#send(), PAUSE);
    }
  }

  /**
   * @param {string} text
   * @param {boolean} bad
   */
  #say(text, bad) {
    this.#note.textContent = text;
    this.#note.dataset.bad = String(bad);
  }

  /** @param {typeof SLIDERS[number]} name */
  #label(name) {
    const value = this.#slider(name).valueAsNumber;
    const rate = bitrate(value);
    const texts = { fps: `${value} fps`, bitrate: `${rate.value} ${rate.unit}`, speed: `${value} px/s`, radius: `${value} px` };
    const text = texts[name];
    element(`out-${name}`, HTMLOutputElement).value = text;
    this.#slider(name).setAttribute("aria-valuetext", text);
  }

  /** @param {string} name */
  #slider(name) {
    return element(`set-${name}`, HTMLInputElement);
  }

  #bounces() {
    return /** @type {HTMLInputElement[]} */ ([...this.#form.querySelectorAll("input[name=bounce]")]);
  }
}
