import { Monitor, Moon, Sun } from "lucide-react";

import { IconButton, Menu, MenuChoice } from "@/design";
import { text } from "@/text";

import { useTheme, useThemeChoice, type ThemeChoice } from "../theme";

const OPTIONS: readonly { value: ThemeChoice; label: string; icon: React.ReactNode }[] = [
  { value: "light", label: text.shell.themeLight, icon: <Sun /> },
  { value: "dark", label: text.shell.themeDark, icon: <Moon /> },
  { value: "system", label: text.shell.themeSystem, icon: <Monitor /> },
];

export function ThemeMenu() {
  const [choice, choose] = useThemeChoice();
  const Icon = useTheme() === "dark" ? Moon : Sun;
  return (
    <Menu align="end" trigger={<IconButton label={text.shell.theme} icon={<Icon size={16} />} />}>
      <MenuChoice label={text.shell.theme} value={choice} options={OPTIONS} onChange={choose} />
    </Menu>
  );
}
