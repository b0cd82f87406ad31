/** The file name of hls.js's worker, put in by the build. */
declare const HLS_WORKER: string;

declare module "govuk-frontend/dist/govuk/components/*" {
  type Component = new (root: HTMLElement) => unknown;
  export const Button: Component;
  export const CharacterCount: Component;
  export const ErrorSummary: Component;
  export const NotificationBanner: Component;
  export const Radios: Component;
  export const ServiceNavigation: Component;
  export const SkipLink: Component;
}

declare module "govuk-frontend/dist/govuk/init.mjs" {
  export function createAll(component: new (root: HTMLElement) => unknown): unknown[];
}
