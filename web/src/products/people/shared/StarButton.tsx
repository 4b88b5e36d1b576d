import { Star } from "lucide-react";

import { IconButton } from "@/design";

import styles from "./People.module.css";

interface StarButtonProps {
  readonly name: string;
  readonly starred: boolean;
  readonly onChange: (starred: boolean) => void;
}

export function StarButton({ name, starred, onChange }: StarButtonProps) {
  const label = starred ? `Remove ${name} from favourites` : `Add ${name} to favourites`;
  return <IconButton label={label} aria-pressed={starred} icon={<Star size={16} className={starred ? styles.starred : undefined} />} onClick={() => onChange(!starred)} />;
}
