import { Button } from "@/design";

import styles from "./People.module.css";

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** The next page of a list, under the list. */
export function ShowMore({ query }: { readonly query: Paged }) {
  if (!query.hasNextPage) return null;
  return (
    <div className={styles.more}>
      <Button wide busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
