import { describe, expect, it } from "vitest";
import { changed } from "../src/shared/delta";
import { patched } from "../src/shared/patch";

const before = { version: 7, agenda: [{ id: 1, state: "now" }, { id: 2, state: "not_started" }], "a/b~": 1 };

describe("a patch", () => {
  it("changes, adds and removes, and leaves what it was made of alone", () => {
    const held = structuredClone(before);
    const after = patched(held, [
      { op: "replace", path: "/version", value: 8 },
      { op: "replace", path: "/agenda/1/state", value: "now" },
      { op: "remove", path: "/agenda/0" },
      { op: "add", path: "/agenda/-", value: { id: 3, state: "not_started" } },
      { op: "remove", path: "/a~1b~0" },
      { op: "add", path: "/speaker", value: null },
    ]);
    expect(after).toEqual({
      version: 8,
      agenda: [{ id: 2, state: "now" }, { id: 3, state: "not_started" }],
      speaker: null,
    });
    expect(held).toEqual(before);
  });

  it("may stand for the whole", () => {
    expect(patched<unknown>(before, [{ op: "replace", path: "", value: [1] }])).toEqual([1]);
  });

  it("that does not fit says so", () => {
    expect(() => patched(before, [{ op: "replace", path: "/agenda/9/state", value: "now" }])).toThrow(RangeError);
  });
});

describe("a delta", () => {
  const held = { version: 7, server_ms: 1, items: [1] };
  const patch = [{ op: "replace" as const, path: "/version", value: 8 }];

  it("changes the version that it is of", () => {
    expect(changed(held, { from: 7, version: 8, patch })).toEqual({ ...held, version: 8 });
  });

  it("of an earlier version than what is held changes nothing", () => {
    expect(changed(held, { from: 5, version: 6, patch })).toBe(held);
    expect(changed(held, { from: 6, version: 7, patch })).toBe(held);
  });

  it("that follows one that was missed is not guessed at", () => {
    expect(changed(held, { from: 8, version: 9, patch })).toBe("missed");
    expect(changed(held, { from: 6, version: 9, patch })).toBe("missed");
    const other = [{ op: "replace" as const, path: "/items/4/state", value: 1 }];
    expect(changed(held, { from: 7, version: 8, patch: other })).toBe("missed");
  });
});
