// Drain as published (P. He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017): the rival. For the public sets it
// has the expressions, the similarity and the depth that its authors' benchmark gives each of them; ours has no settings.

interface Settings {
  /** What is a value, before anything else. */
  readonly values: readonly RegExp[];
  readonly similarity: number;
  readonly depth: number;
}

const ADDRESS = /(\d+\.){3}\d+(:\d+)?/g;
const DOTTED = /([\w-]+\.){2,}[\w-]+/g;

const SETTINGS: Readonly<Record<string, Settings>> = {
  Apache: { values: [ADDRESS], similarity: 0.5, depth: 4 },
  HDFS: { values: [/blk_-?\d+/g, ADDRESS], similarity: 0.5, depth: 4 },
  Hadoop: { values: [ADDRESS], similarity: 0.5, depth: 4 },
  Linux: { values: [ADDRESS, /\d{2}:\d{2}:\d{2}/g], similarity: 0.39, depth: 6 },
  OpenSSH: { values: [ADDRESS, DOTTED], similarity: 0.6, depth: 5 },
  OpenStack: { values: [/((\d+\.){3}\d+,?)+/g, /\/.+?\s/g, /\d+/g], similarity: 0.5, depth: 5 },
  Spark: { values: [ADDRESS, /\b[KGTM]?B\b/g, DOTTED], similarity: 0.5, depth: 4 },
  Zookeeper: { values: [/(\/|)(\d+\.){3}\d+(:\d+)?/g], similarity: 0.5, depth: 4 },
};

const GENERAL: Settings = { values: [ADDRESS], similarity: 0.4, depth: 4 };

const MAX_CHILDREN = 100;

interface Node {
  readonly children: Map<string, Node>;
  readonly groups: { readonly id: number; readonly words: string[] }[];
}

const newNode = (): Node => ({ children: new Map(), groups: [] });

/** The group of each line. */
export function drain(name: string, lines: readonly string[]): number[] {
  const { values, similarity, depth } = SETTINGS[name] ?? GENERAL;
  const root = newNode();
  let groups = 0;
  return lines.map((line) => {
    const words = values
      .reduce((text, value) => text.replace(value, '<*>'), line)
      .trim()
      .split(/\s+/);
    let node = child(root, String(words.length));
    // The root, the length and the leaf count for the depth.
    for (const word of words.slice(0, depth - 3)) {
      const known = node.children.get(word);
      const fits = known !== undefined || (!/\d/.test(word) && node.children.size < MAX_CHILDREN);
      node = child(node, fits ? word : '<*>');
    }
    let best: Node['groups'][number] | undefined;
    let [most, mostValues] = [-1, -1];
    for (const group of node.groups) {
      let same = 0;
      let wild = 0;
      for (const [i, word] of group.words.entries()) {
        if (word === '<*>') wild++;
        else if (word === words[i]) same++;
      }
      if (same > most || (same === most && wild > mostValues)) [best, most, mostValues] = [group, same, wild];
    }
    if (best === undefined || most / words.length < similarity) {
      best = { id: groups++, words };
      node.groups.push(best);
    } else for (const [i, word] of words.entries()) if (best.words[i] !== word) best.words[i] = '<*>';
    return best.id;
  });
}

function child(node: Node, key: string): Node {
  let next = node.children.get(key);
  if (next === undefined) {
    next = newNode();
    node.children.set(key, next);
  }
  return next;
}
