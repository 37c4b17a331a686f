/** Puts the page together. */

import { Chart } from "./chart.js";
import { Controls } from "./controls.js";
import { element } from "./element.js";
import { fixed } from "./format.js";
import { FramePump } from "./frame-pump.js";
import { Loop } from "./loop.js";
import { Numbers } from "./numbers.js";
import { Overlay } from "./overlay.js";
import { PeersTable } from "./peers-table.js";
import { ServerApi } from "./server-api.js";
import { detectorWorker } from "./worker-url.js";

/** @typedef {import("./loop.js").LoopState} LoopState */
/** @typedef {import("./frame-pump.js").Detection} Detection */

const TOKEN = "ball-token";
const STOPPED = "ball-stopped";

const PHASES = { stopped: "Stopped", connecting: "Connecting", playing: "Live", paused: "Paused", waiting: "Trying again" };

const video = element("video", HTMLVideoElement);
const numbers = new Numbers();
const overlay = new Overlay(element("overlay", HTMLCanvasElement));
const peers = new PeersTable(element("peers", HTMLTableSectionElement));
const api = new ServerApi();
const controls = new Controls(api);
const charts = [
  new Chart(element("error-chart", HTMLCanvasElement),
    [{ series: numbers.realtime, colour: "--real" }, { series: numbers.error, colour: "--same" }], { log: true, unit: "px" }),
  new Chart(element("latency-chart", HTMLCanvasElement), [{ series: numbers.latency, colour: "--late" }], { unit: "ms" }),
];
let looked = "";
let run = "";
let isPlaying = false;

const pump = new FramePump(video, () => new Worker(/** @type {string} */ (detectorWorker), { type: "module" }), {
  onFrame: (now, { width, height }) => {
    numbers.frames.add(now, 1);
    fitFrame(width, height);
    loop.frameShown();
  },
  onDetection,
});

const loop = new Loop(video, {
  onState,
  onScore: (score) => {
    numbers.take(performance.now(), score);
    if (score.truth && score.rtp !== undefined) {
      overlay.know(score.rtp, score.truth);
    }
  },
  readState: async (signal) => {
    const state = await api.state(signal);
    controls.allow(state.controls, state.limits);
    controls.show(state.settings);
    return state;
  },
});

// For browsers that do not tell of each frame.
if (!HTMLVideoElement.prototype.requestVideoFrameCallback) {
  for (const event of ["playing", "timeupdate"]) {
    video.addEventListener(event, () => loop.frameShown());
  }
}

/** @param {Detection} detection */
function onDetection({ rtp, found, looked: window, frame, width, height, cost, times }) {
  if (!isPlaying) {
    frame?.close();
    return;
  }
  numbers.cost.add(performance.now(), cost);
  const isWhole = window?.width === width && window?.height === height;
  looked = window === null ? "" : isWhole ? "whole picture" : `${window.width}x${window.height} px`;
  if (found !== null) {
    loop.report({ rtp, x: found.x, y: found.y, confidence: found.confidence, ...times });
  }
  overlay.see({ rtp, found, search: window, frame, width, height });
  place.textContent = found === null
    ? "no ball in sight"
    : `x ${fixed(found.x, 1)}  y ${fixed(found.y, 1)}  r ${fixed(found.radius, 1)}`;
}

const place = element("position", HTMLElement);

/** @param {LoopState} state */
function onState({ phase, transport, because, problem }) {
  isPlaying = phase === "playing";
  const pill = element("phase", HTMLElement);
  pill.textContent = PHASES[phase];
  pill.dataset.phase = phase;
  // The tab's name is all of the page that can be seen while it is hidden.
  document.title = phase === "playing" ? "Ball" : `Ball: ${PHASES[phase].toLowerCase()}`;
  const reason = because ? `, because ${because}` : "";
  element("transport", HTMLElement).textContent = transport === undefined ? "" : transport + reason;
  const toggle = element("toggle", HTMLButtonElement);
  toggle.textContent = phase === "stopped" ? "Start" : "Stop";
  element("veil", HTMLElement).dataset.open = String(phase !== "playing");
  element("veil-text", HTMLElement).textContent = {
    stopped: "Stopped", connecting: "Connecting …", playing: "", paused: "Paused", waiting: "Not connected; trying again …",
  }[phase];
  element("veil-detail", HTMLElement).textContent = problem ?? "";
  if (phase !== "playing") {
    overlay.clear();
    place.textContent = "";
  }
  if (phase === "connecting") {
    pump.skipped = 0;
  }
}

/**
 * The box has the picture's shape, so that overlay and video are one.
 * @param {number} width
 * @param {number} height
 */
function fitFrame(width, height) {
  const shape = `${width} / ${height}`;
  const box = element("frame", HTMLElement);
  if (box.dataset.shape !== shape) {
    box.dataset.shape = shape;
    box.style.aspectRatio = shape;
  }
}

element("toggle", HTMLButtonElement).addEventListener("click", () => {
  if (loop.isRunning) {
    loop.stop();
    sessionStorage.setItem(STOPPED, "yes");
  } else {
    sessionStorage.removeItem(STOPPED);
    loop.start();
  }
});

/**
 * @param {string} id
 * @param {(on: boolean) => void} turn
 */
function onSwitch(id, turn) {
  const input = element(id, HTMLInputElement);
  input.addEventListener("change", () => turn(input.checked));
  turn(input.checked);
}

onSwitch("find-on", (on) => {
  pump.settings.on = on;
  overlay.clear();
});
onSwitch("find-follow", (on) => {
  pump.settings.follow = on;
});
onSwitch("hold", (on) => {
  pump.settings.keep = on;
  overlay.clear();
});
onSwitch("show-search", (on) => {
  overlay.show.search = on;
});
onSwitch("show-truth", (on) => {
  overlay.show.truth = on;
});

const contrast = element("find-contrast", HTMLInputElement);
const setContrast = () => {
  pump.settings.contrast = contrast.valueAsNumber;
  element("out-contrast", HTMLOutputElement).value = contrast.value;
};
contrast.addEventListener("input", setContrast);
setContrast();

// The token comes by hand, or in the part of the address that is never sent anywhere.
const inAddress = new URLSearchParams(location.hash.slice(1)).get("token");
if (inAddress) {
  sessionStorage.setItem(TOKEN, inAddress);
  history.replaceState(null, "", location.pathname);
}
api.token = sessionStorage.getItem(TOKEN) ?? "";
element("token-form", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  api.token = element("token", HTMLInputElement).value.trim();
  sessionStorage.setItem(TOKEN, api.token);
  void askAccess();
});

async function askAccess() {
  try {
    const { controls: access, limits, settings } = await api.state();
    controls.allow(access, limits);
    controls.show(settings);
  } catch {
    controls.disable();
  }
}

api.watch((state) => {
  const server = element("server", HTMLElement);
  if (state === null) {
    peers.clear();
    controls.disable();
    server.textContent = "";
    run = "";
    return;
  }
  if (state.run !== run) {
    run = state.run;
    void askAccess();
    loop.hurry();
  }
  peers.show(state.peers);
  controls.show(state.settings);
  const { width, height, fps } = state.settings;
  const rate = `${fixed(state.fps, 1)} of ${fps} fps`;
  server.textContent = `The server paints ${width}x${height} at ${rate}; up for ${duration(state.running)}.`;
});

/**
 * Says something new, and nothing twice: some of it is read aloud.
 * @param {string} id
 * @param {string} text
 */
function say(id, text) {
  const place = element(id, HTMLElement);
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

/** @param {number} seconds */
function duration(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

// Charts and numbers a few times a second: more would be unrest, and cost what the finder needs.
setInterval(() => {
  if (document.hidden) {
    return;
  }
  const now = performance.now();
  numbers.show(now, looked);
  charts.forEach((chart) => chart.draw(now));
  say("finder-note", pump.problem);
  say("finder-busy", pump.skipped > 0 ? `Frames left out while the finder was busy: ${pump.skipped}` : "");
}, 200);
setInterval(() => numbers.describe(performance.now()), 5000);
setInterval(() => void numbers.showNetwork(loop.connection), 1000);

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => overlay.recolour());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    loop.hurry();
  }
});
addEventListener("online", () => loop.hurry());
// A page that is kept for the back button must not keep its session.
addEventListener("pagehide", () => loop.isRunning && loop.stop());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && sessionStorage.getItem(STOPPED) === null) {
    loop.start();
  }
});

if (sessionStorage.getItem(STOPPED) === null) {
  loop.start();
} else {
  onState({ phase: "stopped" });
}
