// The timeline: what NPUs did, those that did the same in one row, coloured by kind of work.

const MOST_ARROWS = 240, MOST_TALL_ROWS = 16;
const SHORT_LANES = { communication: "comm", "remote memory": "memory" };

class Timeline extends Rows {
  constructor() {
    super("timeline-view", 20);
    Object.assign(this, { chosen: null, wanted: "", withChunks: false, withMessages: true, only: null });
    this.hidden = new Set();
    this.focus = 0;
    this.arrange();
  }
  arrange() {
    this.rows = [];
    for (const group of groups) {
      const wanted = this.only ? group.npus.filter((npu) => this.only(npu)) : group.npus;
      const npus = group.open || this.only ? wanted : wanted.slice(0, 1);
      for (const npu of npus) {
        const lanes = this.withChunks ? [...lanesOf(npu), ...chunksOf(npu)] : lanesOf(npu);
        lanes.forEach((lane, index) => {
          const folds = group.npus.length > 1 && index === 0 && npu === group.npus[0] && !this.only;
          this.rows.push({ group, npu, lane, first: index === 0, folds });
        });
      }
    }
    this.count = this.rows.length;
    this.rowHeight = this.count > MOST_TALL_ROWS ? 20 : 26;
    this.focus = Math.min(this.focus, Math.max(this.count - 1, 0));
    this.rowOf = new Map();
    this.rows.forEach((row, number) => {
      const known = this.rowOf.get(row.npu);
      const isComm = row.lane.name.startsWith("communication");
      if (known === undefined || (isComm && !known.isComm)) {
        this.rowOf.set(row.npu, { number, isComm });
      }
    });
    const all = groups.every((group) => group.open || group.npus.length === 1);
    const button = byId("unfold");
    button.textContent = all ? "Fold" : "Unfold all";
    button.title = all ? "One row for those that did the same" : "Show every NPU";
    button.hidden = groups.every((group) => group.npus.length === 1);
    this.layOut();
  }
  // Show some NPUs only, said as in "0-7, 12"; all of them, if nothing is said.
  pick(words) {
    const parts = [...words.matchAll(/(\d+)(?:\s*[-\u2013]\s*(\d+))?/g)]
      .map(([, first, last]) => [Number(first), Number(last === undefined ? first : last)]);
    this.only = parts.length ? (npu) => parts.some(([first, last]) => npu >= first && npu <= last) : null;
    this.arrange();
    say(counted(new Set(this.rows.map((row) => row.npu)).size, "NPU"));
  }
  unfold(group, open = !group.open) {
    group.open = open;
    this.arrange();
    say(`${npuWords(group.npus)} ${open ? "unfolded" : "folded"}`);
  }
  keys() {
    const move = (by) => () => {
      this.focus = Math.min(Math.max(this.focus + by, 0), this.count - 1);
      const row = this.rows[this.focus];
      const top = this.focus * this.rowHeight, room = this.height - AXIS - 2 * this.rowHeight;
      const scrolled = Math.min(Math.max(this.view.scrollTop, top - room), top);
      this.view.scrollTop = scrolled;
      this.redraw();
      if (row) say(this.rowWords(row));
    };
    return {
      ...super.keys(),
      ArrowUp: move(-1), ArrowDown: move(1),
      Enter: () => { if (this.rows[this.focus]) this.unfold(this.rows[this.focus].group); },
      " ": () => this.next(1), n: () => this.next(1), p: () => this.next(-1),
      Escape: () => { this.keep(null); time.letGo(); },
    };
  }
  // Keep the next bar of the row that has the keyboard.
  next(by) {
    const row = this.rows[this.focus];
    if (!row) return;
    const current = this.chosen && this.chosen.lane === row.lane ? this.chosen.at : null;
    const from = current === null ? Math.max(row.lane.before(time.from), 0) : current + by;
    if (from < 0 || from >= row.lane.length) return;
    this.keep(row.lane.piece(from));
    const piece = this.chosen;
    if (piece.end < time.from || piece.start > time.to) time.show(piece.start - time.span / 4, time.span);
  }
  rowWords(row) {
    const who = row.group.open || this.only ? `NPU ${row.npu}` : npuWords(row.group.npus);
    return `${who}, ${row.lane.name}, ${counted(row.lane.length, "bar")}`;
  }
  drawRow(number, y) {
    const { lane } = this.rows[number];
    let painted = this.gutter - 1;
    for (let at = Math.max(lane.before(time.from), 0); at < lane.length; at++) {
      const start = lane.starts[at];
      if (start > time.to) break;
      const left = Math.max(this.xOf(start), this.gutter), right = this.xOf(lane.end(at));
      if (right < this.gutter || right <= painted) continue; // it would lie under the one before
      this.drawPiece(lane, at, left, y + 2, right - left);
      painted = Math.max(right, left + 1);
    }
    this.drawLabel(number, y);
  }
  drawPiece(lane, at, x, y, width) {
    const pen = this.pen, height = this.rowHeight - 4, kind = lane.kind(at), fill = kindColour(kind);
    const wide = width > 4;
    const name = (wide && width > 30) || this.wanted ? lane.piece(at).name : "";
    const dimmed = this.hidden.has(kind)
      || (this.wanted && !name.toLowerCase().includes(this.wanted));
    pen.globalAlpha = dimmed ? 0.1 : 1;
    pen.fillStyle = fill;
    pen.fillRect(x, y, Math.max(wide ? width - 1 : width, 1), height);
    pen.globalAlpha = 1;
    if (lane.lasts[at] < 0) {
      pen.strokeStyle = ink.bad;
      pen.setLineDash([4, 3]);
      pen.lineWidth = 2;
      pen.strokeRect(x + 1, y + 1, Math.max(width - 3, 1), height - 2);
      pen.setLineDash([]);
      pen.lineWidth = 1;
    }
    if (this.chosen && this.chosen.lane === lane && this.chosen.at === at) {
      pen.strokeStyle = ink.text;
      pen.lineWidth = 2;
      pen.strokeRect(x, y - 1, Math.max(width, 2), height + 2);
      pen.lineWidth = 1;
    }
    if (width > 30 && !dimmed) {
      const joined = lane.joined.get(at);
      const shown = Math.min(width, this.width - x) - 10;
      pen.fillStyle = textColour(fill);
      pen.fillText(this.fitText(joined ? `${joined.count} × ${name}` : name, shown), x + 5, y + height / 2 + 1);
    }
  }
  drawLabel(number, y) {
    const row = this.rows[number], pen = this.pen, middle = y + this.rowHeight / 2 + 1;
    pen.fillStyle = ink.back;
    pen.fillRect(0, y, this.gutter, this.rowHeight);
    if (row.first) {
      pen.fillStyle = ink.line;
      if (number) pen.fillRect(0, y, this.width, 1);
    }
    const narrow = this.gutter < 150;
    const lane = narrow ? row.lane.name.replace(/^[a-z ]*[a-z]/, (it) => SHORT_LANES[it] || it) : row.lane.name;
    pen.fillStyle = ink.dim;
    pen.textAlign = "right";
    const laneWidth = Math.min(pen.measureText(lane).width, this.gutter * (row.first ? 0.56 : 0.9));
    pen.fillText(this.fitText(lane, laneWidth + 1), this.gutter - 8, middle);
    pen.textAlign = "left";
    if (row.first) {
      const folded = row.folds && !row.group.open;
      const mark = row.folds ? (row.group.open ? "▾ " : "▸ ") : "   ";
      const who = folded ? (narrow ? ranges(row.group.npus, 1) : npuWords(row.group.npus))
        : narrow ? `${row.npu}` : `NPU ${row.npu}`;
      pen.fillStyle = ink.text;
      pen.fillText(this.fitText(mark + who, this.gutter - laneWidth - 18), 6, middle);
    }
    if (document.activeElement === this.canvas && number === this.focus) {
      pen.fillStyle = ink.accent;
      pen.fillRect(0, y + 2, 3, this.rowHeight - 4);
    }
    const finish = data.timeline.finishes[row.npu];
    if (finish >= time.from && finish <= time.to && !row.lane.chunks) {
      pen.fillStyle = ink.text;
      pen.fillRect(this.xOf(finish) - 1, y + 1, 1.5, this.rowHeight - 2);
    }
  }
  drawAbove() {
    if (!this.withMessages) return;
    const { src, dst, start, end } = data.timeline.arrows;
    const seen = [];
    for (let k = 0; k < src.length && start[k] <= time.to; k++) {
      if (end[k] < time.from) continue;
      const from = this.rowOf.get(src[k]);
      const to = this.rowOf.get(dst[k]) || this.rowOf.get((groupOf.get(dst[k]) || { npus: [] }).npus[0]);
      if (from && to && from !== to) seen.push([k, from.number, to.number]);
    }
    const every = Math.ceil(seen.length / MOST_ARROWS);
    seen.forEach(([k, from, to], index) => {
      const kept = this.chosen && ((this.chosen.lane.npu === src[k] && this.chosen.start === start[k])
        || (this.chosen.lane.npu === dst[k] && this.chosen.end === end[k]));
      if (kept || index % every === 0) this.drawArrow(start[k], from, end[k], to, kept);
    });
  }
  drawArrow(start, from, end, to, kept) {
    const pen = this.pen, half = this.rowHeight / 2;
    const x0 = this.xOf(start), y0 = this.yOf(from) + half;
    const x1 = this.xOf(end), y1 = this.yOf(to) + half;
    pen.save();
    pen.beginPath();
    pen.rect(this.gutter, AXIS, this.width - this.gutter, this.height - AXIS);
    pen.clip();
    pen.strokeStyle = pen.fillStyle = ink.text;
    pen.globalAlpha = kept ? 1 : 0.4;
    pen.lineWidth = kept ? 2 : 1;
    pen.beginPath();
    pen.moveTo(x0, y0);
    const bend = Math.max(Math.abs(x1 - x0) / 2, 12);
    pen.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x1 - 6, y1 - 3);
    pen.lineTo(x1 - 6, y1 + 3);
    pen.fill();
    pen.restore();
  }
  pieceAt(x, y) {
    const number = this.rowAt(y);
    if (number < 0 || x < this.gutter) return null;
    const { lane } = this.rows[number], at = this.timeAt(x);
    const slack = time.span / Math.max(this.width - this.gutter, 1); // one pixel
    const index = lane.before(at + slack);
    return index >= 0 && lane.end(index) + slack >= at ? lane.piece(index) : null;
  }
  words(piece) {
    const kind = data.timeline.kinds[piece.kind];
    const group = groupOf.get(piece.lane.npu);
    const alike = group && !group.open && !this.only && group.npus.length > 1
      ? `, like ${npuWords(group.npus)}${group.alike ? "" : " at other times"}` : "";
    const id = piece.lane.chunks ? `stream ${piece.id}` : `node ${piece.id}`;
    const many = piece.count > 1
      ? `${piece.count} like it, ${humanTime(piece.busy)} under way, from ` : "";
    const lasts = piece.end - piece.start;
    const times = piece.open ? `${humanTime(piece.start)}, never finished`
      : `${many}${humanTime(piece.start)} to ${humanTime(piece.end)}: ${humanTime(lasts)}`;
    const exact = piece.open ? exactTime(piece.start)
      : `${exactTime(piece.start)} to ${exactTime(piece.end)}: ${exactTime(lasts)}`;
    return `${piece.name}\nNPU ${piece.lane.npu}${alike} · ${id} · ${kind}\n${times}\nexactly ${exact}`;
  }
  describe(x, y) {
    const piece = this.pieceAt(x, y);
    if (piece) return this.words(piece);
    const row = this.rows[this.rowAt(y)];
    if (!row || x >= this.gutter) return "";
    return row.group.npus.length > 1
      ? `${npuWords(row.group.npus)} did the same${row.group.alike ? "" : ", at other times"}.\nClick to ${row.group.open ? "fold" : "unfold"} them.`
      : `NPU ${row.npu}, ${row.lane.name}`;
  }
  cursor(x) { return x < this.gutter ? "pointer" : "default"; }
  choose(x, y) {
    const number = this.rowAt(y);
    if (number >= 0) this.focus = number;
    if (number >= 0 && x < this.gutter) {
      if (this.rows[number].group.npus.length > 1) this.unfold(this.rows[number].group);
      return;
    }
    this.keep(this.pieceAt(x, y));
  }
  keep(piece) {
    this.chosen = piece;
    byId("detail").textContent = piece ? this.words(piece).split("\n").join(" · ")
      : "Click a bar to keep what it says.";
    this.redraw();
  }
  // Where the piece of that name is on the screen, for scripts; it is scrolled to, and unfolded.
  place(npu, name) {
    const group = groupOf.get(npu);
    if (group && npu !== group.npus[0] && !group.open) this.unfold(group, true);
    for (let number = 0; number < this.count; number++) {
      const row = this.rows[number];
      if (row.npu !== npu) continue;
      for (let at = 0; at < row.lane.length; at++) {
        const piece = row.lane.piece(at);
        if (piece.name !== name) continue;
        this.view.scrollTop = Math.max(number * this.rowHeight - this.height / 2, 0);
        this.draw();
        const box = this.canvas.getBoundingClientRect();
        const middle = (Math.max(piece.start, time.from) + Math.min(piece.end, time.to)) / 2;
        return { x: box.left + this.xOf(middle), y: box.top + this.yOf(number) + this.rowHeight / 2 };
      }
    }
    return null;
  }
}
