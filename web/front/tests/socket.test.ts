import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../src/shared/socket";
import { FakeWire } from "./fakes";

describe("a command", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function open(): { wire: FakeWire; connection: Connection } {
    const wire = new FakeWire();
    const connection = new Connection(wire, 1000);
    connection.open();
    return { wire, connection };
  }

  it("is answered", async () => {
    const { wire, connection } = open();
    wire.server = () => ({ ok: true, votes: 3 });
    expect(await connection.command("question.vote", { question_id: 7 })).toEqual({ ok: true, votes: 3 });
    expect(wire.sent[0]?.payload["question_id"]).toBe(7);
    expect(String(wire.sent[0]?.payload["client_id"])).toMatch(/^[0-9a-f]{32}$/);
  });

  it("is sent again under the same name when there was no answer", async () => {
    const { wire, connection } = open();
    let calls = 0;
    wire.server = () => ((calls += 1) === 1 ? undefined : { ok: true });
    const answer = connection.command("question.submit", { text: "Why?" });
    await vi.advanceTimersByTimeAsync(1000);
    expect((await answer).ok).toBe(true);
    const [first, second] = wire.sent.map((message) => message.payload["client_id"]);
    expect(first).toBe(second);
  });

  it("is not repeated after a refusal", async () => {
    const { wire, connection } = open();
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "Too late." } });
    expect(await connection.command("item.next", {})).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(wire.sent).toHaveLength(1);
  });

  it("waits for the connection to come back", async () => {
    const { wire, connection } = open();
    wire.disconnect();
    const answer = connection.command("question.submit", {});
    await vi.advanceTimersByTimeAsync(400);
    wire.connect();
    expect((await answer).ok).toBe(true);
    expect(connection.connected.value).toBe(true);
  });

  it("says so when there is no answer at all", async () => {
    const { wire, connection } = open();
    wire.server = () => undefined;
    const answer = connection.command("gate.cut", {}, 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await answer).toMatchObject({ ok: false, error: { code: "no_answer" } });
  });

  it("keeps the server's reason for refusing the connection", () => {
    const { wire, connection } = open();
    wire.receive("connect_error", Object.assign(new Error("x"), { data: { code: "device_replaced", message: "Another device." } }));
    expect(connection.refused.value).toEqual({ code: "device_replaced", message: "Another device." });
  });
});
