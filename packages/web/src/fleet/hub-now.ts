import { createContext } from 'react';

/**
 * The hub's now, by which ages are told. In a context, so that each second only the cells with an age are drawn again and not
 * the rows of hundreds of hosts.
 */
export const HubNow = createContext(0);
