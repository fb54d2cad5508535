// Tables: sorted by a click on a heading, filtered, copied, and written as CSV with exact values.

const ROWS_AT_FIRST = 12;
const SHOWN = {
  "": (value) => value,
  count: (value) => grouped(value),
  ns: humanTime,
  B: humanSize,
  "GB/s": (value) => `${value.toLocaleString("en", { maximumSignificantDigits: 4 })} GB/s`,
  "%": percent,
};
const EXACT = { ns: exactTime, B: (value) => `${grouped(value)} B`, "%": (value) => `${value}` };

class DataTable {
  // `table`: id, title, note, sort, ascending, and columns of name, unit, meaning and values.
  constructor(place, table) {
    Object.assign(this, { table, sort: table.sort, ascending: table.ascending, wanted: "", all: false });
    this.columns = table.columns.map((column) => ({
      ...column,
      values: column.texts ? column.places.map((it) => column.texts[it]) : column.values,
    }));
    this.count = this.columns[0].values.length;
    this.body = make("tbody");
    this.heads = this.columns.map((column, place_) => this.head(column, place_));
    this.more = make("button", { type: "button", class: "more", on: { click: () => this.toggle() } });
    const filter = make("input", {
      type: "search", placeholder: "Filter", "aria-label": `Filter: ${table.title}`,
      on: { input: (event) => { this.wanted = event.target.value.toLowerCase(); this.fill(); } },
    });
    const copy = make("button", { type: "button", on: { click: () => this.copy() } }, "Copy");
    const save = make("button", { type: "button", on: { click: () => this.save() } }, "CSV");
    copy.setAttribute("aria-label", `Copy: ${table.title}`);
    save.setAttribute("aria-label", `Download as CSV: ${table.title}`);
    const caption = make("caption", { class: "unseen" }, table.title);
    const drawn = make("table", {}, caption,
      make("thead", {}, make("tr", {}, ...this.heads)), this.body);
    const tools = this.count > 3 ? [filter, copy, save] : [copy, save];
    place.replaceChildren(
      make("div", { class: "table-bar" }, make("h3", {}, table.title),
        make("div", { class: "controls" }, ...tools)),
      ...(table.note ? [make("p", { class: "note" }, table.note)] : []),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${table.title}` }, drawn),
      this.more,
    );
    this.fill();
  }
  isNumber(column) { return column.unit !== ""; }
  head(column, place) {
    const button = make("button", { type: "button", on: { click: () => this.sortBy(place) } },
      column.name, make("span", { class: "order", "aria-hidden": "true" }));
    if (column.meaning) button.title = column.meaning;
    return make("th", { scope: "col", class: this.isNumber(column) ? "number" : null }, button);
  }
  sortBy(place) {
    this.ascending = this.sort === place ? !this.ascending : !this.isNumber(this.columns[place]);
    this.sort = place;
    this.fill();
  }
  toggle() {
    this.all = !this.all;
    this.fill();
  }
  text(column, row) {
    const value = column.values[row];
    return value === null || value === undefined ? "–" : `${SHOWN[column.unit](value)}`;
  }
  // The rows that are wanted, in order.
  order() {
    const rows = [];
    for (let row = 0; row < this.count; row++) {
      const found = !this.wanted
        || this.columns.some((it) => this.text(it, row).toLowerCase().includes(this.wanted));
      if (found) rows.push(row);
    }
    if (this.sort === null) return rows;
    const column = this.columns[this.sort], sign = this.ascending ? 1 : -1;
    const words = new Intl.Collator("en", { numeric: true });
    return rows.sort((a, b) => {
      const x = column.values[a], y = column.values[b];
      if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;
      return sign * (this.isNumber(column) ? x - y : words.compare(x, y)) || a - b;
    });
  }
  fill() {
    const rows = this.order(), shown = this.all ? rows : rows.slice(0, ROWS_AT_FIRST);
    this.heads.forEach((head, place) => {
      if (place === this.sort) head.setAttribute("aria-sort", this.ascending ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    this.body.replaceChildren(...shown.map((row) => make("tr", {}, ...this.columns.map((column, place) => {
      const value = column.values[row], exact = value !== null && EXACT[column.unit];
      return make(place ? "td" : "th", {
        scope: place ? null : "row",
        class: this.isNumber(column) ? "number" : this.text(column, row).length > 44 ? "long" : null,
        title: exact ? exact(value) : null,
      }, this.text(column, row));
    }))));
    const rest = rows.length - shown.length;
    this.more.hidden = rows.length <= ROWS_AT_FIRST;
    this.more.textContent = rest > 0 ? `Show all ${grouped(rows.length)} rows` : "Show fewer";
    if (this.wanted) say(counted(rows.length, "row"));
  }
  heading(column) { return column.unit && column.unit !== "count" ? `${column.name} (${column.unit === "%" ? "part" : column.unit})` : column.name; }
  lines(separator, quote) {
    const cells = [this.columns.map((it) => this.heading(it))];
    for (const row of this.order()) cells.push(this.columns.map((it) => it.values[row] ?? ""));
    return cells.map((line) => line.map((it) => quote(`${it}`)).join(separator)).join("\n") + "\n";
  }
  csv() {
    return this.lines(",", (it) => (/[",\n]/.test(it) ? `"${it.replace(/"/g, '""')}"` : it));
  }
  async copy() {
    const text = this.lines("\t", (it) => it.replace(/[\t\n]/g, " "));
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { class: "unseen" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(`Copied: ${this.table.title}`);
  }
  save() {
    const url = URL.createObjectURL(new Blob([this.csv()], { type: "text/csv" }));
    make("a", { href: url, download: `${this.table.title.toLowerCase().replace(/\W+/g, "-")}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

const column = (name, unit, values) => ({ name, unit, meaning: "", values });
