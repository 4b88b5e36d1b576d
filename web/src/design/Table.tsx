import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

import { classes } from "./classes";
import styles from "./Table.module.css";

export interface TableColumn<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Digits go right and keep their columns. */
  numeric?: boolean;
  sortable?: boolean;
  /** Left out below 640 px. */
  wideOnly?: boolean;
  nowrap?: boolean;
  width?: string;
}

export interface TableSort {
  key: string;
  direction: "ascending" | "descending";
}

interface TableProps<Row> {
  /** Says what the table holds; read by screen readers. */
  caption: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
  sort?: TableSort;
  onSort?: (sort: TableSort) => void;
  onRowClick?: (row: Row) => void;
  /** Rows stay in their own scroll box of this height, under a fixed head. */
  maxHeight?: number;
}

export function Table<Row>({ caption, columns, rows, rowKey, sort, onSort, onRowClick, maxHeight }: TableProps<Row>) {
  return (
    <div className={styles.scroll} role="region" aria-label={caption} tabIndex={0} style={maxHeight === undefined ? undefined : { maxHeight }}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)} className={classes(onRowClick && styles.clickable)} onClick={onRowClick && (() => onRowClick(row))}>
              {columns.map((column) => (
                <td key={column.key} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadCellProps<Row> {
  column: TableColumn<Row>;
  sort: TableSort | undefined;
  onSort: ((sort: TableSort) => void) | undefined;
}

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const active = sort?.key === column.key ? sort.direction : undefined;
  const style = column.width ? { width: column.width } : undefined;
  if (!column.sortable || !onSort) {
    return (
      <th scope="col" className={cellClass(column)} style={style}>
        {column.header}
      </th>
    );
  }
  const next = active === "descending" ? "ascending" : "descending";
  return (
    <th scope="col" className={cellClass(column)} style={style} aria-sort={active ?? "none"}>
      <button type="button" className={styles.sort} onClick={() => onSort({ key: column.key, direction: next })}>
        {column.header}
        {active === "ascending" && <ArrowUp size={12} aria-hidden="true" />}
        {active === "descending" && <ArrowDown size={12} aria-hidden="true" />}
      </button>
    </th>
  );
}

function cellClass<Row>(column: TableColumn<Row>): string {
  return classes(column.numeric && "numeric", column.wideOnly && styles.wideOnly, column.nowrap && styles.nowrap);
}
