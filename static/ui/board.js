// Drags cards between the columns of [data-board]; a drop sends the card's own "Move to" form, as the keyboard does.
(() => {
  const { lib } = document.currentScript.dataset;
  let fetching = null;
  const library = () => {
    fetching ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: lib, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    return fetching;
  };
  const start = (column) => {
    column.dataset.ready = "";
    Sortable.create(column, {
      group: "board",
      sort: false, // the order within a column is the server's
      draggable: "[data-movable]",
      filter: "select, button, a",
      preventOnFilter: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onEnd: ({ item, from, to }) => {
        const form = item.querySelector("form.move");
        if (from === to || !form) return;
        form.elements.to.value = to.dataset.column;
        form.requestSubmit(form.querySelector("button"));
      },
    });
  };
  const startAll = () => {
    const columns = [...document.querySelectorAll("[data-board] [data-column]:not([data-ready])")];
    if (columns.length) library().then(() => columns.forEach(start)).catch(() => { /* the menu moves cards too */ });
  };
  document.addEventListener("htmx:after:swap", startAll);
  startAll();
})();
