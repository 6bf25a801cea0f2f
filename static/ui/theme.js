// Before the first paint, so that no page flashes in the wrong theme. Remembers one word: light, dark or system.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("theme") || "system"; } catch { return "system"; }
  };
  const apply = () => {
    const word = chosen();
    document.documentElement.dataset.themeChoice = word;
    document.documentElement.dataset.bsTheme = word === "system" ? (dark.matches ? "dark" : "light") : word;
    document.dispatchEvent(new Event("rmcrm:theme"));
  };
  window.rmcrmTheme = (word) => {
    try { localStorage.setItem("theme", word); } catch { /* private windows: for this page only */ }
    document.documentElement.dataset.themeChoice = word;
    apply();
  };
  dark.addEventListener("change", apply);
  apply();
})();
