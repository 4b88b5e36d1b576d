import { CircleAlert, CircleCheck } from "lucide-react";
import { Fragment } from "react";

import type { Ledger } from "@/api";
import { formatNumber } from "@/lib/numbers";

import styles from "./Equation.module.css";
import { differenceOf, sumOf } from "./ledger";
import { words } from "./words";

/** received = stored + deduplicated + dropped + pending, in figures. */
export function Equation({ ledger }: { ledger: Ledger }) {
  const terms = [
    { name: "received", sign: "", count: ledger.received },
    { name: "stored", sign: "=", count: ledger.stored },
    { name: "deduplicated", sign: "+", count: ledger.deduplicated },
    { name: "dropped", sign: "+", count: sumOf(ledger.dropped) },
    { name: "pending", sign: "+", count: ledger.pending },
  ] as const;
  return (
    <>
      <div className={styles.equation}>
        {terms.map(({ name, sign, count }) => (
          <Fragment key={name}>
            {sign && <span className={styles.sign}>{sign}</span>}
            <div className={styles.term}>
              <p className={styles.name}>{words.ledger[name]}</p>
              <p className={styles.count}>{formatNumber(count)}</p>
              <p className={styles.explain}>{words.ledger.explain[name]}</p>
            </div>
          </Fragment>
        ))}
      </div>
      <Verdict ledger={ledger} />
    </>
  );
}

function Verdict({ ledger }: { ledger: Ledger }) {
  const difference = differenceOf(ledger);
  const fine = difference === 0;
  const Icon = fine ? CircleCheck : CircleAlert;
  return (
    <p className={styles.verdict} data-fine={fine}>
      <Icon size={16} aria-hidden="true" />
      <span>
        {fine ? words.ledger.addsUp : words.ledger.off(formatNumber(difference))} {ledger.pending > 0 && words.ledger.lag(formatNumber(ledger.lag_seconds, "seconds"))}
      </span>
    </p>
  );
}
