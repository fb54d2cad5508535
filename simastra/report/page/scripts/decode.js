// What timeline_data.py has written in few bytes: lanes of pieces, and NPUs that did the same.

const kindColour = (kind) => shade(data.colours.kinds[data.timeline.kinds[kind]]);

const names = (() => {
  let before = "";
  return data.timeline.names.map((coded) => {
    before = before.slice(0, parseInt(coded[0], 36)) + coded.slice(1);
    return before;
  });
})();

function summed(differences) {
  const numbers = new Float64Array(differences.length);
  let sum = 0;
  for (let k = 0; k < differences.length; k++) numbers[k] = sum += differences[k];
  return numbers;
}

const cached = (make) => {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, make(key));
    return known.get(key);
  };
};
const contentOf = cached((number) => {
  const { items, ids } = data.timeline.contents[number];
  return { items: summed(items), ids: summed(ids) };
});
const timesOf = cached((number) => {
  const { starts, lasts, joined } = data.timeline.times[number];
  return {
    starts: summed(starts),
    lasts,
    joined: new Map((joined || []).map(([at, count, busy]) => [at, { count, busy }])),
  };
});

// One NPU's lane. A piece that never ended lasts to the end.
class Lane {
  constructor(npu, [name, content, times], chunks) {
    Object.assign(this, { npu, name, content, chunks });
    const { starts, lasts, joined } = timesOf(times);
    Object.assign(this, { starts, lasts, joined, length: starts.length });
  }
  end(at) {
    return this.lasts[at] < 0 ? data.timeline.end : this.starts[at] + this.lasts[at];
  }
  kind(at) { return data.timeline.itemKinds[contentOf(this.content).items[at]]; }
  piece(at) {
    const { items, ids } = contentOf(this.content);
    const joined = this.joined.get(at);
    return {
      lane: this, at, start: this.starts[at], end: this.end(at), open: this.lasts[at] < 0,
      name: names[items[at]], kind: data.timeline.itemKinds[items[at]], id: ids[at],
      count: joined ? joined.count : 1,
      busy: joined ? joined.busy : this.end(at) - this.starts[at],
    };
  }
  // The last piece that starts at `time` or before it, -1 if there is none.
  before(time) {
    let low = 0, high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= time) low = middle + 1; else high = middle;
    }
    return low - 1;
  }
  // What of a range went to each kind: kind to time and number of nodes.
  totals(from, to, into = new Map()) {
    for (let at = Math.max(this.before(from), 0); at < this.length; at++) {
      if (this.starts[at] >= to) break;
      const start = this.starts[at], end = this.end(at);
      const inside = Math.min(end, to) - Math.max(start, from);
      if (inside <= 0) continue;
      const joined = this.joined.get(at), part = end > start ? inside / (end - start) : 1;
      const sum = into.get(this.kind(at)) || { time: 0, count: 0 };
      sum.time += joined ? joined.busy * part : inside;
      sum.count += joined ? Math.max(Math.round(joined.count * part), 1) : 1;
      into.set(this.kind(at), sum);
    }
    return into;
  }
}

const lanesOf = cached((npu) => data.timeline.npus[npu].map((it) => new Lane(npu, it, false)));
const chunksOf = cached((npu) => data.timeline.chunks[npu].map((it) => new Lane(npu, it, true)));

// NPUs with the same nodes, whenever they had them; in order of the first of each.
const groups = (() => {
  const found = new Map();
  data.timeline.npus.forEach((lanes, npu) => {
    const key = lanes.map(([name, content]) => `${name}:${content}`).join();
    if (!found.has(key)) found.set(key, { npus: [], open: false, alike: true, times: null });
    const group = found.get(key), times = lanes.map((it) => it[2]).join();
    group.alike = group.alike && (group.times === null || group.times === times);
    group.times = times;
    group.npus.push(npu);
  });
  return [...found.values()].filter((it) => data.timeline.npus[it.npus[0]].length);
})();
const groupOf = new Map(groups.flatMap((group) => group.npus.map((npu) => [npu, group])));
