/** The chamber's display: who speaks, how long still, who is next. */

import { render } from "preact";
import { Desk, type ConsolePage } from "./console/desk";
import { Display } from "./display/app";
import { readPage } from "./shared/page";

const root = document.getElementById("display-app");
if (root) {
  const desk = new Desk(readPage<ConsolePage>());
  root.replaceChildren();
  render(<Display desk={desk} />, root);
}
