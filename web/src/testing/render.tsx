import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";

import { TooltipProvider } from "@/design";

/** What every page has around it, and a person who clicks and types. */
export function show(children: ReactNode) {
  const user = userEvent.setup();
  return { user, ...render(<TooltipProvider>{children}</TooltipProvider>) };
}
