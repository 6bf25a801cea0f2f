// Before the first paint, so that no page flashes in the wrong theme. Remembers one word: light, dark or system.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let word = "system";
  try { word = localStorage.getItem("theme") || word; } catch { /* a private window remembers nothing */ }
  const apply = () => {
    document.documentElement.dataset.themeChoice = word;
    document.documentElement.dataset.bsTheme = word === "system" ? (dark.matches ? "dark" : "light") : word;
    document.dispatchEvent(new Event("rmcrm:theme"));
  };
  window.rmcrmTheme = (chosen) => {
    word = chosen;
    try { localStorage.setItem("theme", word); } catch { /* for this page only */ }
    apply();
  };
  dark.addEventListener("change", apply);
  // Charts are pictures: for paper they are drawn anew in the light theme.
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.bsTheme = "light";
    document.dispatchEvent(new Event("rmcrm:theme"));
  });
  addEventListener("afterprint", apply);
  apply();
})();
