/** What differs between those with a personal link: what they send, and what the page tells them. */

import { t } from "../shared/i18n";
import type { Consent, Part } from "../shared/wire";

/** Those whom officers invite. */
export type InvitedPart = Exclude<Part, "speaker">;

/** What the browser is asked for. */
export type Needs = "both" | "sound" | "picture" | "screen";

export function needsOf(part: Part, consent: Consent = ""): Needs {
  switch (part) {
    case "speaker": return consent === "sound_only" ? "sound" : "both";
    case "interpreter": return "sound";
    case "signer": return "picture";
    case "presenter": return "screen";
  }
}

export function askWords(needs: Needs): string {
  switch (needs) {
    case "both": return t("Your browser will now ask whether this page may use your camera and microphone. Choose “Allow”. Only you see and hear the test. Without a camera you can take part by sound alone.");
    case "sound": return t("Your browser will now ask whether this page may use your microphone. Choose “Allow”. Only you hear the test.");
    case "picture": return t("Your browser will now ask whether this page may use your camera. Choose “Allow”. Only you see the test.");
    case "screen": return t("Your browser will now ask which window or screen it may show. Everything in it can be seen by the public, so close what is private first.");
  }
}

export function turnOnWords(needs: Needs): string {
  switch (needs) {
    case "both": return t("Turn on camera and microphone");
    case "sound": return t("Turn on the microphone");
    case "picture": return t("Turn on the camera");
    case "screen": return t("Choose what to share");
  }
}

/** What they are here for, before they agree. */
export function task(part: Exclude<Part, "speaker">): string {
  switch (part) {
    case "interpreter": return t("You interpret at this meeting. Your voice is heard by everyone who chooses the interpreted sound, live and in the recording. You are not seen. You hear the floor.");
    case "signer": return t("You interpret into sign language at this meeting. Your picture is shown beside the meeting, live and in the recording. You are not heard. You hear the floor.");
    case "presenter": return t("You show your screen at this meeting. It is seen by the public, live and in the recording. You are not heard from here. You hear the floor.");
  }
}

/** The title while they take part. */
export function active(part: Exclude<Part, "speaker">): string {
  switch (part) {
    case "interpreter": return t("You are interpreting");
    case "signer": return t("You are seen as the signer");
    case "presenter": return t("You may share your screen");
  }
}

/** Said once they are brought in. */
export function begun(part: Exclude<Part, "speaker">): string {
  switch (part) {
    case "interpreter": return t("You are brought in. Everyone who chose the interpreted sound hears you.");
    case "signer": return t("You are brought in. Everyone can see you.");
    case "presenter": return t("You are brought in. Choose what to share.");
  }
}
