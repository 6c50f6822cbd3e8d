/** What a modem said or did of its own: it is registered elsewhere, or it has started anew and forgotten what it was told. */
type LineNews = 'moved' | 'began';

/** The modem as the mobile line of a site needs it (S-3, S-5). That it is silent or refuses is news: nothing here throws. */
export interface LineModem {
  /** Where the card is registered, and MCC and MNC of the network; undefined where the modem did not say. */
  registered(done: (where: 'home' | 'roaming' | 'no' | undefined, network?: string | undefined) => void): void;
  /** On the network, or off it. `done`: whether the modem says that it is so; the same below. */
  serve(on: boolean, done: (done: boolean) => void): void;
  /** Whether the modem may register abroad, and use 4G and later; true where its maker gave it no word for that. */
  allow(what: { readonly roaming: boolean; readonly fourG: boolean }, done: (done: boolean) => void): void;
  /** Data contexts up or down. One that is up already is left as it is. */
  carry(on: boolean, done: (done: boolean) => void): void;
  listen(heard: (news: LineNews) => void): void;
}
