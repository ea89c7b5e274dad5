/** Where the assistant is: beside the lines of the Live page, whose address says whether it is open. */

import { navigate, usePath, useSearch } from '../app/location.ts';
import { formatView, parseView, type View } from '../live/view.ts';

const LIVE = '/ui/';

/** Whether the assistant is open. */
export function useIsAsking(): boolean {
  const path = usePath();
  const search = useSearch();
  return path === LIVE && parseView(new URLSearchParams(search)).ask;
}

/** The address that opens the assistant beside what is shown now, or closes it. */
export function askHref(isOpen: boolean): string {
  const search = formatView({ ...(viewHere() ?? parseView(new URLSearchParams())), ask: isOpen }).toString();
  return search === '' ? LIVE : `${LIVE}?${search}`;
}

export function openAsk(): void {
  navigate(askHref(true));
}

/** Undefined in other places. */
function viewHere(): View | undefined {
  return location.pathname === LIVE ? parseView(new URLSearchParams(location.search)) : undefined;
}
