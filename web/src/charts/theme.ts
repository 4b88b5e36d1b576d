/** The chart's colours, read from the page's tokens so that a canvas follows the theme like everything else. */
import { useEffect, useState } from "react";

import type { SeriesColour } from "./spec";

export interface ChartTheme {
  readonly series: Readonly<Record<SeriesColour, string>>;
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
  readonly surface: string;
  readonly font: string;
}

const TOKENS = {
  text: "--text-3",
  grid: "--grid",
  axis: "--border-strong",
  surface: "--surface",
} as const;

/** The CSS colour of a series, for our own SVG and HTML. */
export function seriesVariable(colour: SeriesColour): string {
  return `var(--series-${colour})`;
}

/** Reads the tokens once. The chart library knows no OKLCH, so every colour is painted and read back as RGB. */
export function readTheme(root: Element = document.documentElement): ChartTheme {
  const style = getComputedStyle(root);
  const resolve = colourReader();
  const token = (name: string) => resolve(style.getPropertyValue(name).trim());
  return {
    series: {
      1: token("--series-1"),
      2: token("--series-2"),
      3: token("--series-3"),
      4: token("--series-4"),
      5: token("--series-5"),
      6: token("--series-6"),
      other: token("--series-other"),
    },
    text: token(TOKENS.text),
    grid: token(TOKENS.grid),
    axis: token(TOKENS.axis),
    surface: token(TOKENS.surface),
    font: getComputedStyle(document.body).fontFamily,
  };
}

function colourReader(): (colour: string) => string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (colour) => {
    if (!context || colour === "") return colour;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
    return `rgba(${red},${green},${blue},${Math.round((alpha / 255) * 1000) / 1000})`;
  };
}

/** The theme now, read again when somebody switches it or the system does. */
export function useChartTheme(): ChartTheme {
  const [theme, setTheme] = useState(() => readTheme());
  useEffect(() => {
    const update = () => setTheme(readTheme());
    const observer = new MutationObserver(update);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", update);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", update);
    };
  }, []);
  return theme;
}

/** A colour of the theme, thinner: `rgba(1,2,3,1)` at 0.4 is `rgba(1,2,3,0.4)`. */
export function withAlpha(colour: string, alpha: number): string {
  return colour.replace(/^rgba\((\d+),(\d+),(\d+),[\d.]+\)$/, `rgba($1,$2,$3,${alpha})`);
}
