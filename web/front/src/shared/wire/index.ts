/** The shapes that come over the wire. */

export type * from "./discussion";
export type * from "./meeting";
export type * from "./own";
export type * from "./staff";
export type * from "./studio";
export type * from "./answer";
