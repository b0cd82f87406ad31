/** Small snapshots for tests. */

import type { EngineSnapshot, GateState, ItemView, PublicSnapshot, StaffSnapshot } from "../src/shared/wire";

export function item(id: number): ItemView {
  return {
    id, number: `${id}.`, title: `Item ${id}`, state: "not_started", restricted: false, heading: false,
    public_can_speak: true, seconds: null, url: "",
  };
}

export const meeting: PublicSnapshot = {
  ref: "m", version: 3, server_ms: 1000, title: "Planning", state: "live", state_since_ms: null, starts_ms: 0, live_ms: 0,
  ended_ms: null, epoch_ms: 0, imported_ms: 500, notice: null, now_item_id: 1, agenda: [item(1), item(2)], index: [], speaker: null,
  speakers_waiting: 0, questions_open: true, questions: [],
};

export const staff: StaffSnapshot = {
  public: meeting, exclusion_item_id: null, speakers: [], pending: [], rejected: [], stream_keys: {}, audit: [],
};

export function engine(gate: GateState): EngineSnapshot {
  return {
    studio: {
      meeting: "m", session: 1, epoch_ms: 0, gate: { state: gate, slate: { title: "Slate", lines: [] }, since_ms: 0, changes: 1 },
      layout: "chamber", override: null, on_air: [], captions_visible: false, captions: {}, feeds: [], programme_dbfs: -20, pictures: 0, late_ticks: 0,
    },
    recorder: null, viewers: 0, alarms: [], refusals: [],
  };
}
