/** Where a cumulative figure begins: the session's open at 18:00 Eastern, or the open of regular trading hours. */

/** `session`: the (re)open at 18:00 Eastern. `RTH`: the open of regular trading hours, 09:30 Eastern. */
export type Anchor = "session" | "RTH";
