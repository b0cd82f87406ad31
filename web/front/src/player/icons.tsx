import type { JSX } from "preact";

const PATHS = {
  play: "M7 4.5v15l13-7.5z",
  pause: "M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z",
  back: "M12 5V1.5L6.5 6 12 10.500V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  forward: "M12 5V1.5L17.500 6 12 10.500V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
  sound: "M3 9v6h4l5 5V4L7 9zm13.500 3a4.500 4.500 0 0 0-2.500-4v8a4.500 4.500 0 0 0 2.500-4zM14 3.200v2.100a7 7 0 0 1 0 13.400v2.100a9 9 0 0 0 0-17.600z",
  muted: "M3 9v6h4l5 5V4L7 9zm18 .9L19.600 8.500 17.500 10.600 15.400 8.500 14 9.900 16.100 12 14 14.100l1.400 1.400 2.100-2.100 2.100 2.100L21 14.100 18.900 12z",
  full: "M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z",
  float: "M3 5h18v14H3zm2 2v10h14V7zm7 4.500h6V16h-6z",
  link: "M10.600 13.400a1 1 0 0 0 1.400-1.400 3 3 0 0 1 0-4.200l3-3a3 3 0 0 1 4.200 4.200l-1.500 1.500a7 7 0 0 1 .4 2.400l2.500-2.500a5 5 0 0 0-7-7l-3 3a5 5 0 0 0 0 7zm2.800-2.800a1 1 0 0 0-1.400 1.400 3 3 0 0 1 0 4.200l-3 3a3 3 0 0 1-4.200-4.200l1.500-1.500a7 7 0 0 1-.4-2.400l-2.500 2.500a5 5 0 0 0 7 7l3-3a5 5 0 0 0 0-7z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="mh-icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path fill="currentColor" d={PATHS[name]} />
    </svg>
  );
}
