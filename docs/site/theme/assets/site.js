/* What the theme leaves out for who reads by keyboard or by ear: names of landmarks, and a way into
   what scrolls. It adds parts of a page as it goes, so this looks again. */
(() => {
  const named = (selector, name) =>
    document.querySelectorAll(`${selector}:not([aria-label])`).forEach((it, at) => {
      it.removeAttribute("aria-labelledby");
      it.setAttribute("aria-label", name(it, at));
    });
  let blocks = 0;
  const look = () => {
    named(".md-search", () => "Search");
    named(".md-code__nav", () => `Code block ${++blocks}`);
    named("nav.md-nav[data-md-level]", (it) => it.querySelector(".md-nav__title")?.innerText.trim());
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
