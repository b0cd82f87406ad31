/** The speaker's personal page. */

import { render } from "preact";
import { readPage } from "./shared/page";
import { App } from "./speaker/app";
import { Room, type SpeakerPage } from "./speaker/room";

const root = document.getElementById("speaker-app");
if (root) {
  const room = new Room(readPage<SpeakerPage>());
  root.replaceChildren();
  render(<App room={room} />, root);
}
