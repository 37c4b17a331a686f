/**
 * Where the detector's code is. Browsers that know trusted types want to be told that this address, and only this one, is
 * meant to be run.
 */

const url = new URL("./detector.worker.js", import.meta.url).href;

const types = /** @type {any} */ (globalThis).trustedTypes;

/** @type {unknown} */
export const detectorWorker = types === undefined
  ? url
  : types.createPolicy("ball-worker", { createScriptURL: () => url }).createScriptURL("");
