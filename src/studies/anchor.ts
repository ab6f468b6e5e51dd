/** Where a cumulative figure begins: the session's open at 18:00 Eastern, or the open of regular trading hours. */

/** `session`: the (re)open at 18:00 Eastern. `RTH`: regular trading hours, from 09:30 Eastern until they end. */
export type Anchor = "session" | "RTH";
