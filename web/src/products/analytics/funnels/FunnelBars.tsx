import { ArrowDown } from "lucide-react";

import { seriesVariable } from "@/charts/theme";
import { Badge, Tooltip } from "@/design";
import { formatNumber } from "@/lib/numbers";

import type { StepsResult } from "./answers";
import styles from "./Funnels.module.css";
import { describeFunnel, type FunnelLine, type Outcome } from "./plan";

export type OpenStep = (line: FunnelLine, step: number, outcome: Outcome) => void;

interface FunnelBarsProps {
  readonly result: StepsResult;
  readonly lines: readonly FunnelLine[];
  readonly onOpen: OpenStep;
}

/** Steps from top to bottom; each bar is as long as its share of the first step, what is lost is hatched. */
export function FunnelBars({ result, lines, onOpen }: FunnelBarsProps) {
  const isBroken = lines.length > 1 || lines[0]?.breakdown !== undefined;
  return (
    <figure className={styles.funnel} aria-label={describeFunnel(result)}>
      <ol>
        {result.steps.map((step, index) => (
          <li key={`${index}${step.name}`} className={styles.step}>
            {index > 0 && <Passage result={result} index={index} />}
            <div className={styles.stepHead}>
              <span className={styles.stepMark}>{index + 1}</span>
              <span className={styles.stepName}>{step.name}</span>
              {result.bottleneck === index && <Badge tone="warn">Largest drop-off</Badge>}
              <span className={styles.stepCount}>{formatNumber(step.count)}</span>
              <span className={styles.stepRate}>{formatNumber(step.conversion_from_first, "percent")}</span>
            </div>
            {lines.map((line) => (
              <Bar key={line.name} line={line} index={index} named={isBroken} onOpen={onOpen} />
            ))}
          </li>
        ))}
      </ol>
    </figure>
  );
}

function Passage({ result, index }: { readonly result: StepsResult; readonly index: number }) {
  const step = result.steps[index];
  if (!step) return null;
  return (
    <p className={styles.passage}>
      <ArrowDown size={14} aria-hidden="true" />
      <span>
        <strong>{formatNumber(step.conversion_from_previous, "percent")}</strong> go on
      </span>
      <span>{formatNumber(step.drop_off)} leave</span>
      {step.median_seconds !== null && <span>median {formatNumber(step.median_seconds, "seconds")}</span>}
    </p>
  );
}

interface BarProps {
  readonly line: FunnelLine;
  readonly index: number;
  readonly named: boolean;
  readonly onOpen: OpenStep;
}

function Bar({ line, index, named, onOpen }: BarProps) {
  const step = line.steps[index];
  const first = line.steps[0]?.count ?? 0;
  if (!step) return null;
  const share = (count: number) => (first > 0 ? `${(100 * count) / first}%` : "0%");
  const who = named ? `${line.name}, ${step.name}` : step.name;
  const reached = `${who}: ${formatNumber(step.count)} reached it, ${formatNumber(step.conversion_from_first, "percent")} of the first step`;
  const lost = `${who}: ${formatNumber(step.drop_off)} came to the step before and not to this one`;
  return (
    <div className={styles.line} data-named={named || undefined}>
      {named && (
        <span className={styles.lineName}>
          <span className={styles.swatch} style={{ background: seriesVariable(line.colour) }} />
          <span>{line.name}</span>
        </span>
      )}
      <div className={styles.track}>
        {step.count > 0 && (
          <Tooltip content={reached}>
            <button type="button" className={styles.reached} style={{ width: share(step.count), background: seriesVariable(line.colour) }} aria-label={`${reached}: show people`} onClick={() => onOpen(line, index, "converted")} />
          </Tooltip>
        )}
        {step.drop_off > 0 && (
          <Tooltip content={lost}>
            <button type="button" className={styles.lost} style={{ width: share(step.drop_off) }} aria-label={`${lost}: show people`} onClick={() => onOpen(line, index, "dropped")} />
          </Tooltip>
        )}
      </div>
      {named && (
        <span className={styles.lineValue}>
          {formatNumber(step.count)} <span>{formatNumber(step.conversion_from_first, "percent")}</span>
        </span>
      )}
    </div>
  );
}
