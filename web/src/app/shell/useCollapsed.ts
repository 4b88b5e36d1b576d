import { useState } from "react";

const KEY = "northing.sidebar";

/** Whether the sidebar shows icons only; remembered on this device. */
export function useCollapsed(): [collapsed: boolean, toggle: () => void] {
  const [collapsed, setCollapsed] = useState(read);
  const toggle = () => {
    setCollapsed(!collapsed);
    try {
      localStorage.setItem(KEY, collapsed ? "wide" : "narrow");
    } catch {
      // storage may be blocked; the choice lasts as long as the page
    }
  };
  return [collapsed, toggle];
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === "narrow";
  } catch {
    return false;
  }
}
