import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { useId, useState, type ReactNode } from "react";

import { Button, Card } from "@/design";
import { useMediaQuery } from "@/lib/useMediaQuery";

import styles from "./Insight.module.css";
import { summaryOf, type InsightKind } from "./kind";
import type { InsightSearch } from "./search";

interface BuilderPaneProps<State extends InsightSearch> {
  readonly kind: InsightKind<State>;
  readonly state: State;
  readonly children: ReactNode;
}

/** As in Insight.module.css: from here on there is no room for two columns. */
const STACKED = "(max-width: 1080px)";

/** The builder beside the results; where it is above them it folds into a line that says what is asked. */
export function BuilderPane<State extends InsightSearch>(props: BuilderPaneProps<State>) {
  const stacked = useMediaQuery(STACKED);
  if (stacked) return <FoldedBuilder {...props} />;
  return <Card className={styles.builder}>{props.children}</Card>;
}

function FoldedBuilder<State extends InsightSearch>({ kind, state, children }: BuilderPaneProps<State>) {
  const isMissing = state.insight === undefined && kind.isComplete?.(state) === false;
  const [open, setOpen] = useState(isMissing);
  const { what, when } = summaryOf(kind, state);
  const id = useId();
  const leave = () => {
    setOpen(false);
    document.getElementById(id)?.focus();
  };
  return (
    <Card className={styles.builder}>
      <h2 className={styles.foldHead}>
        <button id={id} type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          <SlidersHorizontal size={16} aria-hidden="true" />
          <span className={styles.foldText}>{what}</span>
          {when && <span className={styles.foldWhen}> · {when}</span>}
          <ChevronDown size={16} aria-hidden="true" />
        </button>
      </h2>
      {open && (
        <>
          {children}
          <div className={styles.section}>
            <Button wide onClick={leave}>
              Show results
            </Button>
          </div>
        </>
      )}
    </Card>
  );
}
