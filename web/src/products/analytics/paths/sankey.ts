/** Where the nodes and the ribbons of a picture of paths lie. A column a step, the greatest on top, heights in proportion. */
import type { PathEdge, PathNode, PathsResult } from "./plan";

export interface PlacedNode {
  readonly node: PathNode;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** How many ended here, and how high they stand at the bottom of the node. */
  readonly ended: number;
  readonly endedHeight: number;
}

export interface PlacedEdge {
  readonly edge: PathEdge;
  readonly thickness: number;
  readonly path: string;
}

export interface Placed {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly columnWidth: number;
  readonly width: number;
  readonly height: number;
}

export const NODE_WIDTH = 10;
const NARROWEST = 140;
const GAP = 26;
const TOP = 22;
const BODY = 380;

/** `room` is the width there is; narrower columns than can be read make the picture wider instead. */
export function placePaths(result: PathsResult, room: number): Placed {
  const columns = columnsOf(result.nodes);
  const tallest = Math.max(1, ...columns.map((column) => sum(column)));
  const scale = BODY / tallest;
  const first = Math.min(...result.nodes.map((node) => node.step));
  const ended = new Map(result.drop_offs.map((one) => [one.node, one.value]));
  const columnWidth = Math.max(NARROWEST, Math.floor(room / Math.max(1, columns.length)));
  const nodes = columns.flatMap((column) => placeColumn(column, { scale, first, ended, columnWidth }));
  return {
    nodes,
    edges: placeEdges(result.edges, nodes, scale),
    columnWidth,
    width: columns.length * columnWidth,
    height: Math.max(0, ...nodes.map((placed) => placed.y + placed.height)) + 8,
  };
}

function columnsOf(nodes: readonly PathNode[]): PathNode[][] {
  const steps = [...new Set(nodes.map((node) => node.step))].sort((one, other) => one - other);
  return steps.map((step) => nodes.filter((node) => node.step === step).sort((one, other) => other.value - one.value || one.name.localeCompare(other.name)));
}

function sum(nodes: readonly PathNode[]): number {
  return nodes.reduce((total, node) => total + node.value, 0);
}

interface Frame {
  readonly scale: number;
  readonly first: number;
  readonly ended: ReadonlyMap<string, number>;
  readonly columnWidth: number;
}

function placeColumn(column: readonly PathNode[], { scale, first, ended, columnWidth }: Frame): PlacedNode[] {
  let y = TOP;
  return column.map((node) => {
    const height = Math.max(2, node.value * scale);
    const lost = ended.get(node.id) ?? 0;
    const placed = { node, x: (node.step - first) * columnWidth, y, height, ended: lost, endedHeight: Math.min(height, lost * scale) };
    y += height + GAP;
    return placed;
  });
}

/** Ribbons leave and arrive in the order of the nodes they lead to, so that they cross as little as can be. */
function placeEdges(edges: readonly PathEdge[], nodes: readonly PlacedNode[], scale: number): PlacedEdge[] {
  const byId = new Map(nodes.map((placed) => [placed.node.id, placed]));
  const top = (id: string) => byId.get(id)?.y ?? 0;
  const leaving = offsets(edges, (edge) => edge.source, (edge) => top(edge.target), scale);
  const arriving = offsets(edges, (edge) => edge.target, (edge) => top(edge.source), scale);
  return edges.flatMap((edge) => {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) return [];
    const thickness = Math.max(1, edge.value * scale);
    const from = [source.x + NODE_WIDTH, source.y + (leaving.get(edge) ?? 0) + thickness / 2] as const;
    const to = [target.x, target.y + (arriving.get(edge) ?? 0) + thickness / 2] as const;
    return [{ edge, thickness, path: ribbon(from, to) }];
  });
}

function offsets(edges: readonly PathEdge[], end: (edge: PathEdge) => string, rank: (edge: PathEdge) => number, scale: number): Map<PathEdge, number> {
  const used = new Map<string, number>();
  const sorted = [...edges].sort((one, other) => rank(one) - rank(other));
  return new Map(
    sorted.map((edge) => {
      const at = used.get(end(edge)) ?? 0;
      used.set(end(edge), at + edge.value * scale);
      return [edge, at];
    }),
  );
}

type Spot = readonly [x: number, y: number];

function ribbon([x1, y1]: Spot, [x2, y2]: Spot): string {
  const middle = (x1 + x2) / 2;
  return `M${round(x1)} ${round(y1)}C${round(middle)} ${round(y1)} ${round(middle)} ${round(y2)} ${round(x2)} ${round(y2)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
