/* What the theme leaves out for who reads by keyboard or by ear: names of landmarks, and a way into
   what scrolls. It adds parts of a page as it goes, so this looks again. */
(() => {
  const named = (selector, name) =>
    document.querySelectorAll(`${selector}:not([aria-label])`).forEach((it, at) => {
      it.removeAttribute("aria-labelledby");
      it.setAttribute("aria-label", name(it, at));
    });
  // Of a session in a shell, the button at its corner copies what was typed, not what came of it.
  const typed = (session) => {
    const lines = [];
    let goesOn = false;
    for (const line of session.split("\n")) {
      if (!goesOn && !line.startsWith("$ ")) continue;
      lines.push(goesOn ? line : line.slice(2));
      goesOn = /\\$/.test(line) || (lines.at(-1).match(/'/g) ?? []).length % 2 === 1;
    }
    return lines.join("\n");
  };
  let blocks = 0;
  const look = () => {
    named(".md-search", () => "Search");
    named(".md-code__nav", () => `Code block ${++blocks}`);
    named("nav.md-nav[data-md-level]", (it) => it.querySelector(".md-nav__title")?.innerText.trim());
    for (const it of document.querySelectorAll(".language-console pre > code:not([data-copy])")) {
      it.dataset.copy = typed(it.textContent);
    }
    document.querySelectorAll("th:empty").forEach((it) => {
      it.replaceWith(document.createElement("td"));
    });
    for (const it of document.querySelectorAll("pre > code, .md-typeset__scrollwrap")) {
      it.tabIndex = it.scrollWidth > it.clientWidth ? 0 : -1;
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", look);
  look();
})();
