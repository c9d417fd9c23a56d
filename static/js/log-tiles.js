// The log as it stands now, from the site's public files: that it holds what it held when a receipt was made, and the entry too.
// A file is a C2SP tlog-tiles tile: up to 256 hashes of one level of the tree.

import { NotProven, checkCount, checkGrowth, checkSignature, isPowerOfTwo, largestBelow, need, nodeHash,
  readCheckpoint, rootBy, same } from "./log-proof.js";

const WIDTH = 256; // hashes in a full tile
const ASKED = 5; // times a second apart: a site may show a checkpoint of some seconds ago to guests

// `facts` are those of a checked receipt; adds `facts.now`. `log` is the address of the petition's files.
export const NOW = {
  async checkpoint(facts, site) {
    let now = null;
    for (let asked = 0; asked < ASKED && !(now?.size >= facts.size); asked += 1) {
      if (asked) await new Promise((resolve) => setTimeout(resolve, 1000));
      now = readCheckpoint(new TextDecoder().decode(await fetched(`${facts.log}/checkpoint`, "no-store")));
      need(now.origin === facts.origin);
      await checkSignature(now, site);
      checkCount(now);
    }
    facts.now = now;
  },
  async growth(facts) {
    const tree = treeOf(facts);
    need(facts.size <= facts.now.size);
    await checkGrowth(facts, facts.now, await growthPath(tree, facts.size, facts.now.size));
  },
  async place(facts) {
    const tree = treeOf(facts);
    need(same(await tree.over(facts.index, facts.index + 1), facts.leaf));
    const path = await inclusionPath(tree, facts.index, facts.now.size);
    need(same(await rootBy(facts.leaf, facts.index, facts.now.size, path), facts.now.root));
  },
};

async function inclusionPath(tree, index, size) {
  const path = [];
  for (let [low, high] = [0, size]; high - low > 1; ) {
    const middle = low + largestBelow(high - low);
    if (index < middle) {
      path.unshift(await tree.over(middle, high));
      high = middle;
    } else {
      path.unshift(await tree.over(low, middle));
      low = middle;
    }
  }
  return path;
}

async function growthPath(tree, old, size) {
  const path = [];
  let [low, high, whole] = [0, size, true];
  while (old !== high) {
    const middle = low + largestBelow(high - low);
    if (old <= middle) {
      path.unshift(await tree.over(middle, high));
      high = middle;
    } else {
      path.unshift(await tree.over(low, middle));
      [low, whole] = [middle, false];
    }
  }
  return whole ? path : [await tree.over(low, high), ...path];
}

// Hashes over leaves from one index to before another, of the tree as large as it is now; each tile is fetched once.
function treeOf(facts) {
  facts.tiles ??= new Map();
  const tile = (level, n) => {
    const there = Math.floor(facts.now.size / WIDTH ** level) - n * WIDTH;
    const width = Math.min(there, WIDTH);
    const key = `${facts.log}/tile/${level}/${placeOf(n)}${width < WIDTH ? `.p/${width}` : ""}`;
    if (!facts.tiles.has(key)) facts.tiles.set(key, fetched(key));
    return facts.tiles.get(key).then((bytes) => {
      need(bytes.length === width * 32);
      return bytes;
    });
  };
  return {
    async over(low, high) {
      const count = high - low;
      if (isPowerOfTwo(count) && low % count === 0) return this.complete(count, low / count);
      const middle = low + largestBelow(count);
      return nodeHash(await this.over(low, middle), await this.over(middle, high));
    },
    // the `index`-th complete subtree of `count` leaves, a power of two
    async complete(count, index) {
      let [level, above] = [0, count];
      for (; above >= WIDTH; level += 1) above /= WIDTH;
      const first = index * above;
      const bytes = await tile(level, Math.floor(first / WIDTH));
      const start = (first % WIDTH) * 32;
      let hashes = Array.from({ length: above }, (_, place) => bytes.subarray(start + place * 32, start + place * 32 + 32));
      while (hashes.length > 1) {
        const pairs = hashes.length / 2;
        hashes = await Promise.all(Array.from({ length: pairs }, (_, pair) => nodeHash(hashes[2 * pair], hashes[2 * pair + 1])));
      }
      return hashes[0];
    },
  };
}

async function fetched(address, cache = "default") {
  const answer = await fetch(address, { credentials: "omit", cache });
  if (answer.status === 404) throw new NotProven();
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return new Uint8Array(await answer.arrayBuffer());
}

// The number of a tile in groups of three digits, all but the last marked: 1234067 is x001/x234/067.
function placeOf(n) {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g);
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join("/");
}

