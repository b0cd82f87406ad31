/** A JSON Patch (RFC 6902) of the operations that the server makes: add, remove, replace. */

export interface Operation {
  op: "add" | "remove" | "replace";
  path: string;
  value?: unknown;
}

type Place = Record<string, unknown> | unknown[];

/** A changed copy. Throws when the patch does not fit the document. */
export function patched<T>(document: T, patch: readonly Operation[]): T {
  const root = { document: structuredClone(document) as unknown };
  for (const operation of patch) {
    const way = ["document", ...operation.path.split("/").slice(1).map(unescaped)];
    const last = way.pop() ?? "document";
    apply(way.reduce<unknown>(into, root) as Place, last, operation);
  }
  return root.document as T;
}

function into(place: unknown, name: string): unknown {
  const found = place !== null && typeof place === "object" ? (place as Record<string, unknown>)[name] : undefined;
  if (found === undefined) throw new RangeError(`There is no ${name} to change.`);
  return found;
}

function apply(place: Place, last: string, operation: Operation): void {
  if (!Array.isArray(place)) {
    if (operation.op === "remove") delete place[last];
    else place[last] = operation.value;
    return;
  }
  const index = last === "-" ? place.length : Number(last);
  if (operation.op === "add") place.splice(index, 0, operation.value);
  else if (operation.op === "remove") place.splice(index, 1);
  else place[index] = operation.value;
}

/** RFC 6901, section 4. */
function unescaped(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
