// What the shell does: theme, search, shortcuts, confirmation, toasts, sending once. Every page works without it.
(() => {
  const byId = (id) => document.getElementById(id);
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const typing = (el) => el.closest?.("input, textarea, select, [contenteditable]");

  // --- theme: one button goes through system, light, dark ----------------------------------------
  const WORDS = ["system", "light", "dark"];
  const showTheme = () => {
    const word = document.documentElement.dataset.themeChoice || "system";
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-label", button.dataset[word]);
      button.title = button.dataset[word];
      for (const icon of button.querySelectorAll("[data-when]")) icon.hidden = icon.dataset.when !== word;
    }
  };
  document.addEventListener("rmcrm:theme", showTheme);
  showTheme();

  document.querySelector("[data-summary]")?.focus(); // errors are read out first

  // --- dialogs and toasts ------------------------------------------------------------------------
  const open = (id) => {
    const dialog = byId(id); if (!dialog || dialog.open) return;
    dialog.showModal(); // closes what popovers are open
    if (id === "palette") dialog.querySelector("input").select();
  };
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-theme-toggle]");
    if (toggle) window.rmcrmTheme(WORDS[(WORDS.indexOf(document.documentElement.dataset.themeChoice) + 1) % 3]);
    const opener = event.target.closest("[data-opens]");
    if (opener && byId(opener.dataset.opens) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(opener.dataset.opens);
    }
    const beside = event.target.matches("dialog[open]") && event.detail < 2; // the second press of two is for nothing yet
    if (beside || event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    event.target.closest("[data-dismiss]")?.parentElement.remove();
    if (event.target.closest("[data-print]")) print();
  });
  const toast = (word) => {
    const region = byId("toasts"); if (!region) return; // the page is covered
    const [line, words, close] = ["div", "div", "button"].map((tag) => document.createElement(tag));
    line.className = "toast-line tone-late";
    words.textContent = region.dataset[word];
    Object.assign(close, { type: "button", className: "round", textContent: "×", ariaLabel: region.dataset.close });
    close.toggleAttribute("data-dismiss", true);
    line.append(words, close);
    region.append(line);
  };

  // --- keys; single keys can be turned off for those who dictate (WCAG 2.1.4) --------------------
  const single = document.querySelector("[data-single-keys]");
  if (single) {
    single.checked = remembered("single-keys") !== "off";
    single.addEventListener("change", () => {
      try { localStorage.setItem("single-keys", single.checked ? "on" : "off"); } catch { /* this page only */ }
    });
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return open("palette");
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
    if (!plain || !single?.checked || document.querySelector("dialog[open]")) return undefined;
    if (event.key === "/") { event.preventDefault(); open("palette"); }
    if (event.key === "?") open("shortcuts");
    if (event.key === "n") byId("new-menu")?.togglePopover();
    return undefined;
  });

  // --- search: arrows choose, Enter opens; the focus stays in the field (ARIA combobox) ----------
  const searchField = () => byId("palette")?.querySelector("input"); // anew: on Back htmx puts a fresh body in place
  const options = () => [...byId("search-results").querySelectorAll("[role=option]")];
  const choose = (list, index) => {
    list.forEach((option, at) => {
      option.id ||= `search-option-${at}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", String(at === index));
    });
    searchField().setAttribute("aria-expanded", String(list.length > 0));
    searchField().setAttribute("aria-activedescendant", list[index]?.id ?? "");
    list[index]?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.target !== searchField()) return;
    const list = options();
    const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.length) {
      event.preventDefault();
      choose(list, (at + step + list.length) % list.length);
    } else if (event.key === "Escape") {
      event.preventDefault(); // else the first Escape would only empty the field
      byId("palette").close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.assign(list[at].href);
    }
  });

  // --- what the server answered to htmx ----------------------------------------------------------
  const polls = (ctx) => ctx?.request?.headers?.["X-Poll"]; // nobody asked: say nothing
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.raw.redirected && new URL(ctx.response.raw.url).pathname.startsWith("/accounts/")) {
      event.preventDefault(); // the session is over: the whole page goes to the login
      location.reload();
    } else if ([403, 404, 409].includes(ctx.response.status)) {
      Object.assign(ctx.hx, polls(ctx) ? { reswap: "none" } : { retarget: "#toasts", reswap: "beforeend" });
    } else if (ctx.response.status >= 500 && !polls(ctx)) {
      toast("broken");
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (!polls(event.detail.ctx) && event.detail.error?.name !== "AbortError") toast("lost");
  });
  document.addEventListener("htmx:after:swap", () => { if (byId("palette")?.open) choose(options(), 0); });

  // --- ask before, and send once -----------------------------------------------------------------
  const ask = (text, go) => {
    const dialog = byId("confirm");
    byId("confirm-text").textContent = text;
    dialog.querySelector("[data-agrees]").onclick = (event) => { if (event.detail < 2) { dialog.close(); go(); } };
    dialog.showModal();
  };
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = event.detail;
    if (!ctx.confirm || !byId("confirm")) return;
    event.preventDefault();
    byId("confirm").addEventListener("close", () => setTimeout(dropRequest), { once: true });
    ask(ctx.confirm, issueRequest);
  });
  const agreed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.dataset.confirm && byId("confirm") && !agreed.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form.dataset.confirm, () => { agreed.add(form); form.requestSubmit(button); agreed.delete(form); });
    } else if (form.method === "post" && button) {
      setTimeout(() => { button.disabled = true; }); // after the form was read: the button's own value counts
      setTimeout(() => { button.disabled = false; }, 5000);
    }
  }, true);
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
  });
})();
