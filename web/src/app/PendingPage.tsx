import { Skeleton, SkeletonRows } from "@/design";
import { text } from "@/text";

import styles from "./Fallback.module.css";

/** While a page's code is on its way: the same frame, so that nothing jumps. */
export function PendingPage() {
  return (
    <div className={styles.pending} role="status" aria-label={text.common.loading}>
      <Skeleton width={180} height={24} />
      <div className={styles.box}>
        <SkeletonRows rows={6} />
      </div>
    </div>
  );
}
