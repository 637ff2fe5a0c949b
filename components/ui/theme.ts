/** Which colour, face and size means what? Every token of the screens, dark, light and the colour-blind pair. */

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

export type Scheme = "dark" | "light";
/** standard: green up, red down; blind: blue up, orange down. */
export type ColourPair = "standard" | "blind";

export type Palette = {
  ground: string;
  panel: string;
  raised: string;
  line: string;
  lineStrong: string;
  text: string;
  mid: string;
  dim: string;
  up: string;
  down: string;
  caution: string;
  selection: string;
  vwap: string;
  /** Tints behind a text of the same family. */
  upTint: string;
  downTint: string;
  cautionTint: string;
  selectionTint: string;
  /** Windows of the exchange's day, behind candles and in the session strip. */
  asia: string;
  london: string;
  newYork: string;
  rth: string;
};

const DARK: Palette = {
  ground: "#0b0e11",
  panel: "#12161c",
  raised: "#171c23",
  line: "#222a33",
  lineStrong: "#33404d",
  text: "#d9e0e8",
  mid: "#a9b4c0",
  dim: "#8a96a6",
  up: "#2bb39a",
  down: "#e5605e",
  caution: "#f2b84b",
  selection: "#5aa2f7",
  vwap: "#a78bfa",
  upTint: "rgba(43, 179, 154, 0.16)",
  downTint: "rgba(229, 96, 94, 0.16)",
  cautionTint: "rgba(242, 184, 75, 0.14)",
  selectionTint: "rgba(90, 162, 247, 0.13)",
  asia: "#0d1115",
  london: "#10161e",
  newYork: "#0b0e11",
  rth: "#2a5d57",
};

const LIGHT: Palette = {
  ground: "#f6f7f9",
  panel: "#ffffff",
  raised: "#eef1f4",
  line: "#dde2e8",
  lineStrong: "#c3ccd6",
  text: "#1b222b",
  mid: "#414d5a",
  dim: "#5a6675",
  up: "#0a7562",
  down: "#bf3836",
  caution: "#855800",
  selection: "#1c62b8",
  vwap: "#6a49cf",
  upTint: "rgba(10, 117, 98, 0.1)",
  downTint: "rgba(191, 56, 54, 0.1)",
  cautionTint: "rgba(214, 150, 20, 0.14)",
  selectionTint: "rgba(28, 98, 184, 0.09)",
  asia: "#f0f2f5",
  london: "#e9eef4",
  newYork: "#f6f7f9",
  rth: "#8fc2b8",
};

type Pair = Pick<Palette, "up" | "down" | "upTint" | "downTint">;

const BLIND: Record<Scheme, Pair> = {
  dark: {
    up: "#3b9eff",
    down: "#ff9f1c",
    upTint: "rgba(59, 158, 255, 0.16)",
    downTint: "rgba(255, 159, 28, 0.16)",
  },
  light: {
    up: "#0f62b5",
    down: "#9a5600",
    upTint: "rgba(15, 98, 181, 0.1)",
    downTint: "rgba(154, 86, 0, 0.12)",
  },
};

/** The colours of a scheme with a pair: what canvases draw with. */
export function paletteOf(scheme: Scheme, pair: ColourPair): Palette {
  const palette = scheme === "dark" ? DARK : LIGHT;
  return pair === "blind" ? { ...palette, ...BLIND[scheme] } : palette;
}

/** A colour with an opacity, for canvases: ("#2bb39a", 0.5) → "#2bb39a80". */
export function faded(colour: string, opacity: number): string {
  return `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

export const FACE_WORDS = '"Inter Variable", Inter, system-ui, sans-serif';
export const FACE_NUMBERS = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace';

function variablesOf(scheme: Scheme): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(paletteOf(scheme, "standard"))) variables[`--rs-${kebab(name)}`] = value;
  for (const [name, value] of Object.entries(BLIND[scheme])) variables[`--rs-blind-${kebab(name)}`] = value;
  return variables;
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Mantine's own variables, set to our tokens. */
const MANTINE_VARIABLES: Record<string, string> = {
  "--mantine-color-body": "var(--rs-ground)",
  "--mantine-color-text": "var(--rs-text)",
  "--mantine-color-dimmed": "var(--rs-dim)",
  "--mantine-color-placeholder": "var(--rs-dim)",
  "--mantine-color-default": "var(--rs-raised)",
  "--mantine-color-default-hover": "var(--rs-line)",
  "--mantine-color-default-color": "var(--rs-text)",
  "--mantine-color-default-border": "var(--rs-line-strong)",
};

/** Writes the tokens as css variables (--rs-up …) for each scheme; tokens.css uses nothing else. */
export const tokenVariables: CSSVariablesResolver = () => ({
  variables: { "--rs-words": FACE_WORDS, "--rs-numbers": FACE_NUMBERS },
  dark: { ...variablesOf("dark"), ...MANTINE_VARIABLES },
  light: { ...variablesOf("light"), ...MANTINE_VARIABLES },
});

/** Mantine's greys of the dark scheme, from text to ground. */
const DARK_SHADES: MantineColorsTuple = [
  "#d9e0e8",
  "#a9b4c0",
  "#8a96a6",
  "#5c6876",
  "#33404d",
  "#222a33",
  "#171c23",
  "#12161c",
  "#0b0e11",
  "#07090b",
];

const SELECTION_SHADES: MantineColorsTuple = [
  "#e8f2fe",
  "#cfe2fc",
  "#a3c9f9",
  "#7db4f8",
  "#5aa2f7",
  "#3f8fee",
  "#2a7bdc",
  "#1c62b8",
  "#174f95",
  "#123d73",
];

export const theme = createTheme({
  fontFamily: FACE_WORDS,
  fontFamilyMonospace: FACE_NUMBERS,
  primaryColor: "selection",
  primaryShade: { dark: 4, light: 7 },
  colors: { selection: SELECTION_SHADES, dark: DARK_SHADES },
  defaultRadius: 4,
  fontSizes: { xs: "11px", sm: "12px", md: "13px", lg: "14px", xl: "16px" },
  shadows: { xs: "none", sm: "none", md: "none", lg: "none", xl: "none" },
  respectReducedMotion: true,
  cursorType: "pointer",
});
