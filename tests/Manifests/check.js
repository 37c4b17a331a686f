// Reads manifests (YAML, on standard input), and checks them against the schemas of Kubernetes' current API, strictly: no field
// may be unknown. Writes each document and its problems as one JSON array.
import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";

/** No schema takes a function for anything. */
const NONSENSE = () => {};

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** The name of a kind's schema: apps/v1 Deployment is IoK8sApiAppsV1Deployment. */
function schemaName({ apiVersion, kind }) {
  const [version, group = "core"] = apiVersion.split("/").reverse();
  return `IoK8sApi${capital(group.split(".")[0])}${capital(version)}${kind}`;
}

async function validatorOf(document) {
  if (typeof document?.apiVersion !== "string" || typeof document.kind !== "string") {
    throw new Error("this has no apiVersion or no kind");
  }
  // The package knows versions of long ago, too, which Kubernetes has dropped since.
  if (/v\d+(alpha|beta)\d+$/.test(document.apiVersion)) {
    throw new Error(`${document.apiVersion} may be gone any day`);
  }
  try {
    const { validate } = await import(`kubernetes-models/_schemas/${schemaName(document)}`);
    return validate;
  } catch {
    throw new Error(`there is no ${document.kind} in ${document.apiVersion}`);
  }
}

/**
 * The fields that the schema does not know. Schemas of Kubernetes allow them; but nonsense in the place of a field that is known
 * gets noticed.
 */
function unknownFields(document, validate) {
  const found = [];
  const look = (parent, path) => {
    for (const [key, value] of Object.entries(parent)) {
      parent[key] = NONSENSE;
      const isKnown = !validate(document);
      parent[key] = value;
      const here = `${path}/${key}`;
      if (!isKnown) {
        found.push(`${here} is unknown`);
      } else if (value !== null && typeof value === "object") {
        look(value, here);
      }
    }
  };
  look(document, "");
  return found;
}

async function problemsOf(document) {
  try {
    const validate = await validatorOf(document);
    return validate(document)
      ? unknownFields(document, validate)
      : validate.errors.map(({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`);
  } catch (error) {
    return [error.message];
  }
}

let documents = [];
const checked = [];
try {
  documents = loadAll(readFileSync(0, "utf8")).filter((document) => document !== null && document !== undefined);
} catch (error) {
  checked.push({ document: null, problems: [error.message.split("\n")[0]] });
}
for (const document of documents) {
  checked.push({ document, problems: await problemsOf(document) });
}
console.log(JSON.stringify(checked));
