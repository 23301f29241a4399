/** The rights that the API server has refused us, by namespace: they do not differ between its resources. */

/** At most one right a namespace: the last that was refused. */
export class MissingRights {
  readonly #rights = new Map<string, string>();

  /** Notes the right that was refused; undefined: none is missing. Returns whether that is a change. */
  note(namespace: string, missing: string | undefined): boolean {
    if (this.#rights.get(namespace) === missing) return false;
    if (missing === undefined) this.#rights.delete(namespace);
    else this.#rights.set(namespace, missing);
    return true;
  }

  /** The right that is missing there, such as `update leases`; undefined: none. */
  in(namespace: string): string | undefined {
    return this.#rights.get(namespace);
  }

  all(): readonly { readonly namespace: string; readonly right: string }[] {
    return [...this.#rights].map(([namespace, right]) => ({ namespace, right }));
  }
}
