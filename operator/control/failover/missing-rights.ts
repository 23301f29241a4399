/** What the API server has refused us, by namespace: rights do not differ between its resources. */

export class MissingRights {
  readonly #rights = new Map<string, string>();

  /** What was found out; undefined: nothing is missing. Gives whether that is news. */
  note(namespace: string, missing: string | undefined): boolean {
    if (this.#rights.get(namespace) === missing) return false;
    if (missing === undefined) this.#rights.delete(namespace);
    else this.#rights.set(namespace, missing);
    return true;
  }

  /** The right that is missing there, such as `update leases`. */
  in(namespace: string): string | undefined {
    return this.#rights.get(namespace);
  }

  all(): readonly { readonly namespace: string; readonly right: string }[] {
    return [...this.#rights].map(([namespace, right]) => ({ namespace, right }));
  }
}
