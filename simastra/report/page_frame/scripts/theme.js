// Light, dark or paper; and which section is read. The last script of a page.

const THEMES = ["system", "light", "dark"];
function setTheme(wanted) {
  theme = THEMES.includes(wanted) ? wanted : "system";
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${theme}`;
  try { localStorage.setItem("simastra-theme", theme); } catch { /* a file may not keep anything */ }
  repaint();
}

// The section that is read is marked in the navigation.
const marks = new Map([...document.querySelectorAll("nav a")].map((it) => [it.hash.slice(1), it]));
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const mark = marks.get(target.id);
    if (!mark || !isIntersecting) continue;
    for (const other of marks.values()) other.removeAttribute("aria-current");
    mark.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-25% 0px -70% 0px" });
for (const section of document.querySelectorAll("main > section")) watcher.observe(section);

on("theme", "click", () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]));
let keptTheme = null;
try { keptTheme = localStorage.getItem("simastra-theme"); } catch { /* likewise */ }
setTheme(keptTheme);
// Paper is white, and has no keys: canvases are painted for it, and tables in their place are open.
const printed = [...document.querySelectorAll("details.printed")];
const onScreen = { theme, open: [] };
addEventListener("beforeprint", () => {
  Object.assign(onScreen, { theme, open: printed.map((it) => it.open) });
  for (const it of printed) it.open = true;
  theme = "light";
  document.documentElement.dataset.theme = theme;
  repaint();
});
addEventListener("afterprint", () => {
  printed.forEach((it, place) => { it.open = onScreen.open[place]; });
  setTheme(onScreen.theme);
});
