import { Panel } from "@/design";
import { text } from "@/text";

import { FirstEvent } from "./FirstEvent";
import styles from "./Onboarding.module.css";
import { Snippets } from "./Snippets";

/** For pages of a project without any event: what is missing, and how to send it. */
export function WaitingForFirstEvent() {
  return (
    <div className={styles.waiting}>
      <FirstEvent />
      <Panel title={text.install.stepsTitle}>
        <Snippets />
      </Panel>
    </div>
  );
}
