// Tables: sorted by a click on a heading, filtered, copied, and written as CSV with exact values.

const ROWS_AT_FIRST = 12, ROWS_MORE = 500;
const digits = (most) => new Intl.NumberFormat("en", { maximumSignificantDigits: most });
const [fourDigits, sixDigits] = [digits(4), digits(6)];
const SHOWN = {
  "": (value) => value,
  count: (value) => grouped(value),
  number: (value) => (Number.isInteger(value) ? grouped(value) : sixDigits.format(value)),
  ns: humanTime,
  B: humanSize,
  "GB/s": (value) => `${fourDigits.format(value)} GB/s`,
  "%": percent,
};
const EXACT = { ns: exactTime, B: (value) => `${grouped(value)} B`, "%": (value) => `${value}` };

// A column as page_table.py has written it, with a value for each row.
const decoded = (column) => ({
  ...column,
  values: column.texts ? column.places.map((it) => column.texts[it]) : column.values,
});

async function copyText(text, what) {
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
  say(`Copied: ${what}`);
}

class DataTable {
  // `table`: id, title, note, sort, ascending, and columns of name, unit, meaning and values.
  // `keep`: which rows there are at all; `act`: what a click on a row's first cell does.
  constructor(place, table, { keep = () => true, act = null } = {}) {
    Object.assign(this, { table, keep, act, sort: table.sort, ascending: table.ascending, wanted: "", most: ROWS_AT_FIRST });
    this.columns = table.columns.map(decoded);
    this.texts = [];
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
    this.most = this.most < this.order().length ? this.most + ROWS_MORE : ROWS_AT_FIRST;
    this.fill();
  }
  text(column, row) {
    const value = column.values[row];
    return value === null || value === undefined ? "–" : `${SHOWN[column.unit](value)}`;
  }
  // All that a row says, by which it is found.
  words(row) {
    return this.texts[row] ??= this.columns.map((it) => this.text(it, row).toLowerCase()).join("\n");
  }
  // The rows that are wanted, in order.
  order() {
    const rows = [];
    for (let row = 0; row < this.count; row++) {
      if (this.keep(row) && (!this.wanted || this.words(row).includes(this.wanted))) rows.push(row);
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
    const rows = this.order(), shown = rows.slice(0, this.most);
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
      }, place || !this.act ? this.text(column, row) : make("button", {
        type: "button", "aria-label": `${column.name} ${this.text(column, row)}: show`,
        on: { click: () => this.act(row) },
      }, this.text(column, row)));
    }))));
    const rest = rows.length - shown.length;
    this.more.hidden = rows.length <= ROWS_AT_FIRST;
    this.more.textContent = rest <= 0 ? "Show fewer"
      : `Show ${rest <= ROWS_MORE ? "all" : `${ROWS_MORE} more of`} ${grouped(rows.length)} rows`;
    if (this.wanted) say(counted(rows.length, "row"));
  }
  heading(column) { return !["", "count", "number"].includes(column.unit) ? `${column.name} (${column.unit === "%" ? "part" : column.unit})` : column.name; }
  lines(separator, quote) {
    const cells = [this.columns.map((it) => this.heading(it))];
    for (const row of this.order()) cells.push(this.columns.map((it) => it.values[row] ?? ""));
    return cells.map((line) => line.map((it) => quote(`${it}`)).join(separator)).join("\n") + "\n";
  }
  csv() {
    return this.lines(",", (it) => (/[",\n]/.test(it) ? `"${it.replace(/"/g, '""')}"` : it));
  }
  copy() {
    return copyText(this.lines("\t", (it) => it.replace(/[\t\n]/g, " ")), this.table.title);
  }
  save() {
    const url = URL.createObjectURL(new Blob([this.csv()], { type: "text/csv" }));
    make("a", { href: url, download: `${this.table.title.toLowerCase().replace(/\W+/g, "-")}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

const column = (name, unit, values) => ({ name, unit, meaning: "", values });
