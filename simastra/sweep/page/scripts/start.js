// Everything is put together, and listens.

readInk();
if (points.count) {
  const limits = new Limits();
  const scatter = new Scatter();
  const panel = new PointPanel();
  const parallel = new Parallel(limits);
  const show = (row) => { points.choose(row); scrollTo(byId("chosen")); };
  const table = new DataTable(byId("point-table"), data.table, { keep: (row) => points.within[row] === 1, act: show });
  points.whenLimited.push(framed(() => table.fill()));
  for (const link of document.querySelectorAll("a[data-place]")) {
    link.addEventListener("click", () => points.choose(Number(link.dataset.place)));
  }
  byId("same").replaceChildren(...Object.entries(data.same).map(([name, words]) => make("div", {}, make("dt", {}, name), make("dd", {}, words))));
  byId("same-all").hidden = !Object.keys(data.same).length;
  // For scripts and tests.
  window.simastraSweep = { points, limits, scatter, panel, parallel, table };
}
