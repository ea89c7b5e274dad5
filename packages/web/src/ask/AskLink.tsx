import type { MouseEvent, ReactElement } from 'react';
import { AskIcon } from '../app/icons.tsx';
import { useKeys } from '../app/keys.ts';
import { Link } from '../app/Link.tsx';
import { navigate } from '../app/location.ts';
import { askHref, openAsk, useIsAsking } from './ask-address.ts';
import { useAskAvailability } from './availability.ts';

/** Opens the assistant, or closes it; absent where there is none. The key leads to the panel all the same, which says what is missing. */
export function AskLink(): ReactElement | null {
  const isAsking = useIsAsking();
  const isThere = useAskAvailability() === 'on' || isAsking;
  useKeys({ scope: 'go', keys: { 'Shift+A': { text: 'Ask', run: openAsk } } });
  if (!isThere) return null;
  const press = (event: MouseEvent) => {
    // The address is read when it is pressed: the view changes without this link.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(askHref(!isAsking));
  };
  return (
    <Link href="/ui/?ask=open" className="rail-place" aria-current={isAsking ? 'page' : undefined} onClick={press}>
      <AskIcon />
      Ask
    </Link>
  );
}
