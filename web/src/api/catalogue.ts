import { useQuery } from "@tanstack/react-query";

import { api } from "./client";
import type { CatalogueEvent, CatalogueProperty, CatalogueValue, List } from "./types";

const CATALOGUE_STALE_MS = 60_000;

export function useCatalogueEvents(project: number) {
  return useQuery({
    queryKey: ["project", project, "catalogue", "events"],
    queryFn: ({ signal }) => api.get<List<CatalogueEvent>>(`/api/v1/projects/${project}/catalogue/events`, { signal }),
    staleTime: CATALOGUE_STALE_MS,
  });
}

export function useCatalogueProperties(project: number, event?: string | null) {
  return useQuery({
    queryKey: ["project", project, "catalogue", "properties", event ?? null],
    queryFn: ({ signal }) => api.get<List<CatalogueProperty>>(`/api/v1/projects/${project}/catalogue/properties`, { search: { event }, signal }),
    staleTime: CATALOGUE_STALE_MS,
  });
}

export interface ValueSearch {
  property: string;
  type?: "event" | "person";
  event?: string | null;
  search?: string;
}

/** For a Combobox: the most frequent values that contain what was typed. */
export function fetchCatalogueValues(project: number, search: ValueSearch, signal?: AbortSignal) {
  return api.get<List<CatalogueValue>>(`/api/v1/projects/${project}/catalogue/values`, { search: { ...search }, signal });
}
