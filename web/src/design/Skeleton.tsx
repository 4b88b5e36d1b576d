import styles from "./Panel.module.css";

interface SkeletonProps {
  width?: number | string;
  height?: number | string;
}

/** Holds the place of what is coming, in its final size. */
export function Skeleton({ width = "100%", height = 14 }: SkeletonProps) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}

const WIDTHS = ["82%", "64%", "74%", "52%", "68%", "44%"];

export function SkeletonRows({ rows = 5 }: { rows?: number }) {
  return (
    <div className={styles.skeletonRows}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} width={WIDTHS[row % WIDTHS.length] ?? "60%"} />
      ))}
    </div>
  );
}
