// Everything is put together, and listens.

readInk();
const timeline = new Timeline();
const minimap = new Minimap();
const selection = new Selection();
const heat = byId("heat-view") ? new HeatMap() : null;
const memory = data.memory ? new Memory() : null;
const path = byId("path-walk") ? new Path() : null;
const tables = Object.fromEntries(data.tables.map((table) => [
  table.id, byId(table.id) ? new DataTable(byId(table.id), table) : null]));

on("zoom-in", "click", () => time.zoom(0.5));
on("zoom-out", "click", () => time.zoom(2));
on("zoom-whole", "click", () => time.whole());
on("earlier", "click", () => time.pan(-0.25));
on("later", "click", () => time.pan(0.25));
on("measure", "click", () => time.measure(time.from, time.to));
on("unfold", "click", () => {
  const open = !groups.every((group) => group.open || group.npus.length === 1);
  for (const group of groups) group.open = open;
  timeline.arrange();
});
on("chunks", "change", (box) => { timeline.withChunks = box.checked; timeline.arrange(); });
on("messages", "change", (box) => { timeline.withMessages = box.checked; timeline.redraw(); });
on("npus", "input", (field) => timeline.pick(field.value));
on("search", "input", (field) => { timeline.wanted = field.value.toLowerCase(); timeline.redraw(); });
timeline.canvas.addEventListener("focus", timeline.redraw);
timeline.canvas.addEventListener("blur", timeline.redraw);
byId("messages").parentElement.hidden = !data.timeline.arrows.total;
for (const radio of document.querySelectorAll("input[name=heat]")) {
  radio.addEventListener("change", () => {
    heat.what = radio.value;
    byId("scale-end").textContent = radio.value === "busy" ? " always busy" : ` ${(heat.largestQueue / 100).toFixed(1)} messages wait`;
    heat.redraw();
  });
}

// The legend: kinds that occur, most time first; each is a switch.
function fillLegend() {
  const sums = new Map();
  for (const { kind, time: sum, group } of kindRows(0, time.end)) {
    sums.set(kind, (sums.get(kind) || 0) + sum * group.npus.length);
  }
  byId("kinds").replaceChildren(...[...sums].sort((a, b) => b[1] - a[1]).map(([kind]) => {
    const button = make("button", {
      type: "button", "aria-pressed": String(!timeline.hidden.has(kind)),
      on: { click: () => {
        if (!timeline.hidden.delete(kind)) timeline.hidden.add(kind);
        button.setAttribute("aria-pressed", String(!timeline.hidden.has(kind)));
        timeline.redraw();
      } },
    }, make("i", { style: `background:${kindColour(kind)}` }), data.timeline.kinds[kind]);
    return make("li", {}, button);
  }));
}
repaints.push(fillLegend);
fillLegend();
new DataTable(byId("kinds-table"), kindTable(kindRows(0, time.end), "Time by NPU and kind of work", time.end));

// A cause of the first screen leads to where it lasts longest on the critical path.
for (const link of document.querySelectorAll("a[data-at]")) {
  link.addEventListener("click", () => { if (path) path.go(path.found(Number(link.dataset.at))); });
}

// For scripts and tests.
window.simastraReport = { time, timeline, minimap, selection, heat, memory, path, tables, groups, setTheme };
