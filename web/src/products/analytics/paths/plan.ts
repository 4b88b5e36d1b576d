/** From the paths page's state to its question, and from the answer to tables. */
import { formatNumber } from "@/lib/numbers";

import { stepName } from "../funnels/plan";
import { planRules } from "../funnels/rules";
import type { CsvValue } from "../insight/csv";
import { eventName } from "../shared/properties";
import { DEFAULT_EDGES, DEFAULT_STEPS, type PathsSearch, type Within } from "./search";

export interface PathEdge {
  readonly source: string;
  readonly target: string;
  readonly value: number;
  readonly average_seconds: number;
}

export interface PathNode {
  readonly id: string;
  readonly name: string;
  readonly step: number;
  readonly value: number;
}

export interface PathsResult {
  readonly edges: readonly PathEdge[];
  readonly nodes: readonly PathNode[];
  readonly drop_offs: readonly { readonly node: string; readonly value: number; readonly rate: number }[];
  readonly common: readonly { readonly path: readonly string[]; readonly value: number }[];
}

export const PAGES = "$pageview";
export const SCREENS = "$screen";
export const CUSTOM = "custom_event";

/** Within a funnel its own steps are wanted too, which mostly are no pages. */
export function includeOf(search: PathsSearch): readonly string[] {
  return search.include ?? (search.within ? [PAGES, CUSTOM] : [PAGES]);
}

/** Two ends and what is between them are three steps at least. */
export function stepsOf({ step_limit, start, end, within }: PathsSearch): number {
  return Math.max(step_limit ?? DEFAULT_STEPS, (start && end) || within?.part === "between" ? 3 : 2);
}

export function planPaths(search: PathsSearch) {
  const { exclude, path_cleaning, wildcards, start, end, min_edge_weight, within } = search;
  return {
    kind: "paths",
    include: includeOf(search),
    ...(exclude ? { exclude } : {}),
    ...(path_cleaning ? { path_cleaning } : {}),
    ...(wildcards ? { wildcards } : {}),
    ...(start ? { start } : {}),
    ...(end ? { end } : {}),
    step_limit: stepsOf(search),
    edge_limit: search.edge_limit ?? DEFAULT_EDGES,
    ...(min_edge_weight ? { min_edge_weight } : {}),
    ...(within ? { within: { ...within, funnel: planRules(within.funnel) } } : {}),
  };
}

export function pathsTitle({ start, end, within }: PathsSearch): string {
  if (within) return withinTitle(within);
  if (start && end) return `Paths from ${nodeName(start)} to ${nodeName(end)}`;
  if (start) return `Paths from ${nodeName(start)}`;
  return end ? `Paths to ${nodeName(end)}` : "Paths from the first page on";
}

export function withinTitle({ funnel, part, step, outcome }: Within): string {
  const [own, before] = [nameOfStep(funnel, step), nameOfStep(funnel, stepBefore(funnel, step))];
  if (part === "between") return `Paths from ${before} to ${own}`;
  if (outcome === "converted") return `Paths ${part} ${own}`;
  return `Paths ${part} ${before} of those who left before ${own}`;
}

function nameOfStep({ steps }: Within["funnel"], step: number): string {
  const found = steps?.[step];
  return found ? stepName(found) : `step ${step + 1}`;
}

/** The last step before that may not be skipped. */
function stepBefore({ steps }: Within["funnel"], step: number): number {
  return Math.max(0, (steps ?? []).slice(0, step).findLastIndex((one) => !one.optional));
}

/** Pages go by their address, events by their name; `...` stands for what is left out between a start and an end. */
export function nodeName(name: string): string {
  return name === "..." ? "… more steps …" : eventName(name);
}

/** The name inside `2_/pricing`. */
export function nameOfKey(key: string): string {
  return nodeName(key.slice(key.indexOf("_") + 1));
}

export function stepOfKey(key: string): number {
  return Number(key.slice(0, key.indexOf("_")));
}

export function edgeLines(result: PathsResult): CsvValue[][] {
  return [["Step", "From", "To", "Paths", "Average seconds"], ...result.edges.map((edge) => [stepOfKey(edge.source), nameOfKey(edge.source), nameOfKey(edge.target), edge.value, edge.average_seconds])];
}

/** The picture in words. */
export function describePaths(result: PathsResult): string {
  const most = [...result.edges].sort((one, other) => other.value - one.value).slice(0, 5);
  const said = most.map((edge) => `${nameOfKey(edge.source)} to ${nameOfKey(edge.target)} ${formatNumber(edge.value)}`);
  return `Paths. The most frequent ways: ${said.join("; ")}.`;
}
