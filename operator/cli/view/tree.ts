/** A tree of lines: each node has a label, and details beside or below it. */
import { filled, padded, unbroken, widthOf } from './lines.ts';

/** A line of a tree, with what belongs below it. */
export interface TreeNode {
  readonly label: string;
  /** Short statements. */
  readonly details: readonly string[];
  /** `columns`: its statements stand below those of its siblings, where there is room. */
  readonly layout?: 'columns';
  readonly children?: readonly TreeNode[];
}

const FIRST = { middle: '├─ ', last: '└─ ' } as const;
const BELOW = { middle: '│  ', last: '   ' } as const;
const GAP = '  ';

/** The lines of a tree, none wider than `width` unless a single word is. */
export function treeLines(root: TreeNode, width: number): readonly string[] {
  const tree = unbrokenTree(root);
  return [...blocks([tree], width).flat(), ...childLines(tree, width, '')];
}

function unbrokenTree({ label, details, children = [], ...rest }: TreeNode): TreeNode {
  return {
    ...rest,
    label: unbroken(label),
    details: details.map(unbroken),
    children: children.map(unbrokenTree),
  };
}

function childLines({ children = [] }: TreeNode, width: number, prefix: string): readonly string[] {
  const texts = blocks(children, width - prefix.length - FIRST.last.length);
  return children.flatMap((child, index) => {
    const branch = index === children.length - 1 ? 'last' : 'middle';
    const below = prefix + BELOW[branch];
    const lines = (texts[index] ?? []).map((line, row) =>
      row === 0 ? prefix + FIRST[branch] + line : below + line,
    );
    return [...lines, ...childLines(child, width, below)];
  });
}

/** The lines of each node. */
function blocks(nodes: readonly TreeNode[], width: number): readonly (readonly string[])[] {
  const rows = nodes.map(({ label, details }) => [label, ...details]);
  if (nodes.every(({ layout }) => layout === 'columns')) {
    const lines = inColumns(rows);
    if (lines.every((line) => widthOf(line) <= width)) return lines.map((line) => [line]);
    return nodes.map((node) => stacked(node, width));
  }
  return nodes.map((node) => {
    const line = [node.label, node.details.join(', ')].filter((part) => part !== '').join(GAP);
    return widthOf(line) <= width ? [line] : stacked(node, width);
  });
}

function stacked({ label, details, children = [] }: TreeNode, width: number): readonly string[] {
  const indent = children.length === 0 ? '    ' : '│   ';
  return [label, ...filled(details.join(', '), width, { first: indent, further: indent })];
}

function inColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}
