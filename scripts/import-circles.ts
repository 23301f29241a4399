/** Files that reach themselves by their imports. */

/**
 * The circles of a graph of files: each as the files of one strongly connected component, sorted, by
 * Tarjan's algorithm (SIAM J. Comput. 1972). Paths that are no keys are left out.
 */
export function circlesIn(
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const found = new Map<string, { order: number; lowest: number; open: boolean }>();
  const path: string[] = [];

  const visit = (file: string): { order: number; lowest: number; open: boolean } => {
    const node = { order: found.size, lowest: found.size, open: true };
    found.set(file, node);
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!graph.has(target)) continue;
      const seen = found.get(target);
      if (seen === undefined) node.lowest = Math.min(node.lowest, visit(target).lowest);
      else if (seen.open) node.lowest = Math.min(node.lowest, seen.order);
    }
    if (node.lowest === node.order) {
      const component = path.splice(path.lastIndexOf(file));
      for (const member of component) {
        const known = found.get(member);
        if (known !== undefined) known.open = false;
      }
      if (component.length > 1) circles.push(component.toSorted());
    }
    return node;
  };
  for (const file of graph.keys()) if (!found.has(file)) visit(file);
  return circles;
}
