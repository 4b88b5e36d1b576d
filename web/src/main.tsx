import "./design/base.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { forgetSession } from "@/api";
import { newQueryClient } from "@/api/queryClient";
import { newRouter } from "@/app/router";
import { Toaster, TooltipProvider } from "@/design";
import { listenForShortcuts } from "@/design/shortcuts";

const client = newQueryClient(signInAgain);
const router = newRouter(client);

function signInAgain() {
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in" || pathname === "/setup") return;
  forgetSession(client);
  void router.navigate({ to: "/sign-in", search: { next: href } });
}

listenForShortcuts();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <TooltipProvider>
        <RouterProvider router={router} />
        <Toaster />
      </TooltipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
