import { useMemo, useRef, useState } from "react";

import { useWidth } from "@/charts/useWidth";

import { formatCompact, formatNumber } from "@/lib/numbers";

import styles from "./Paths.module.css";
import { describePaths, nameOfKey, nodeName, type PathEdge, type PathNode, type PathsResult } from "./plan";
import { NODE_WIDTH, placePaths, type PlacedEdge, type PlacedNode } from "./sankey";

interface SankeyProps {
  readonly result: PathsResult;
  readonly onNode: (node: PathNode) => void;
  readonly onEdge: (edge: PathEdge) => void;
}

/** Ways from left to right, as wide as they are frequent. The table below says the same and takes the keyboard. */
export function Sankey({ result, onNode, onEdge }: SankeyProps) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useWidth(frame);
  const placed = useMemo(() => placePaths(result, room), [result, room]);
  const [looked, setLooked] = useState<string | null>(null);
  const isDim = (edge: PathEdge) => looked !== null && edge.source !== looked && edge.target !== looked;
  return (
    <div ref={frame} className={styles.scroll} role="region" aria-label="Picture of the paths" tabIndex={0}>
      <div className={styles.picture} style={{ width: placed.width, height: placed.height }}>
        <svg width={placed.width} height={placed.height} role="img" aria-label={describePaths(result)}>
          {placed.edges.map((one) => (
            <Ribbon key={`${one.edge.source} ${one.edge.target}`} placed={one} dim={isDim(one.edge)} onOpen={() => onEdge(one.edge)} />
          ))}
          {placed.nodes.map((one) => (
            <Bar key={one.node.id} placed={one} />
          ))}
        </svg>
        {placed.nodes.map((one) => (
          <Label key={one.node.id} placed={one} room={placed.columnWidth - 14} onLook={setLooked} onOpen={() => onNode(one.node)} />
        ))}
      </div>
    </div>
  );
}

interface RibbonProps {
  readonly placed: PlacedEdge;
  readonly dim: boolean;
  readonly onOpen: () => void;
}

// Only for the pointer: the same list opens from the table, by keyboard too.
function Ribbon({ placed: { edge, thickness, path }, dim, onOpen }: RibbonProps) {
  const words = `${nameOfKey(edge.source)} → ${nameOfKey(edge.target)}: ${formatNumber(edge.value)}, after ${formatNumber(edge.average_seconds, "seconds")} on average`;
  return (
    <path className={styles.ribbon} data-dim={dim || undefined} d={path} strokeWidth={thickness} onClick={onOpen}>
      <title>{words}</title>
    </path>
  );
}

function Bar({ placed: { x, y, height, endedHeight } }: { readonly placed: PlacedNode }) {
  return (
    <>
      <rect className={styles.bar} x={x} y={y} width={NODE_WIDTH} height={height} rx={2} />
      {endedHeight > 0.5 && <rect className={styles.ended} x={x} y={y + height - endedHeight} width={NODE_WIDTH} height={endedHeight} rx={2} />}
    </>
  );
}

interface LabelProps {
  readonly placed: PlacedNode;
  readonly room: number;
  readonly onLook: (id: string | null) => void;
  readonly onOpen: () => void;
}

function Label({ placed: { node, x, y, ended }, room, onLook, onOpen }: LabelProps) {
  const name = nodeName(node.name);
  const words = `${name} ${formatCompact(node.value)} paths at step ${node.step}${ended > 0 ? `, ${formatNumber(ended)} end here` : ""}`;
  return (
    <button
      type="button"
      className={styles.label}
      style={{ left: x, top: y - 20, maxWidth: room }}
      title={words}
      aria-label={`${words}: show people`}
      onClick={onOpen}
      onPointerEnter={() => onLook(node.id)}
      onPointerLeave={() => onLook(null)}
      onFocus={() => onLook(node.id)}
      onBlur={() => onLook(null)}
    >
      <span>{name}</span>{" "}
      <b>{formatCompact(node.value)}</b>
    </button>
  );
}
