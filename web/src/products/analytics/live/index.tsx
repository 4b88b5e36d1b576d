import { Page } from "@/design";

import { NothingYet, useIsEmpty } from "../shared/NothingYet";
import { useReport } from "../shared/useReport";
import { ActivePanel } from "./ActivePanel";
import { EventStream } from "./EventStream";
import styles from "./Live.module.css";
import { PagesNow } from "./PagesNow";
import { validateLiveSearch } from "./search";

/** What happens right now. */
export default function LivePage() {
  const { state, change } = useReport(validateLiveSearch);
  const isEmpty = useIsEmpty();
  if (isEmpty) {
    return (
      <Page title="Live">
        <NothingYet />
      </Page>
    );
  }
  return (
    <Page title="Live">
      <ActivePanel />
      <div className={styles.columns}>
        <EventStream event={state.event} onEvent={(event) => change({ event })} />
        <PagesNow />
      </div>
    </Page>
  );
}
