/**
 * The page's element of that name and kind. One that is missing is a mistake in the page, and said at once.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`The page has no ${kind.name} called ${id}.`);
  }
  return found;
}
