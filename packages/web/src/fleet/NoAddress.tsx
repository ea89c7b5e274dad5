import type { ReactElement } from 'react';
import { Link } from '../app/Link.tsx';
import { Notice } from '../app/Notice.tsx';
import { TopBar } from '../app/TopBar.tsx';
import { type ListView, listHref } from './fleet-view.ts';

/** Whether the hub can be asked for a host: in the path of an address these two are steps, in any spelling. */
export function hasAddress(name: string): boolean {
  return name !== '.' && name !== '..';
}

/** Stands for the page of a host that cannot be asked for. */
export function NoAddress({ name, list }: { readonly name: string; readonly list: ListView }): ReactElement {
  return (
    <>
      <TopBar>
        <h1>{name}</h1>
      </TopBar>
      <Notice tone="quiet" title="This host has no page">
        <p>
          “{name}” is a step in an address and never a name. Give the host another one: <code>vps_name</code> in what it
          sends.
        </p>
        <Link className="button" href={listHref(list)}>
          Show the fleet
        </Link>
      </Notice>
    </>
  );
}
