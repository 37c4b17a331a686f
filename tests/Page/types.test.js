import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const here = fileURLToPath(new URL(".", import.meta.url));
const compiler = `${here}node_modules/typescript/bin/tsc`;

// The compiler is no part of the page: `npm ci` in this folder brings it.
const skip = existsSync(compiler) ? false : "TypeScript is not installed here";

test("the page's modules keep to their types", { skip }, () => {
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", here], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
