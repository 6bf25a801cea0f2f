// Screen privacy (ui/screen.py): F8, sixty seconds without a hand, or another tab in front, and the page is covered.
// Covered means taken out of the document and held in this script alone: no name, no figure, no title is left, and
// what was typed is still there when it comes back. Only the server's "shown" brings it back, and it is recorded.
(() => {
  const root = document.documentElement;
  const form = () => document.getElementById("screen");
  if (!form()) return; // nobody is logged in
  const others = "BroadcastChannel" in window ? new BroadcastChannel("screen") : null; // the other tabs; stores nothing
  let covered = null;

  const cover = (why) => {
    if (covered) return;
    const page = document.createDocumentFragment();
    covered = { page, why, title: document.title, top: scrollY, focus: document.activeElement };
    const template = document.getElementById("curtain");
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    covered.form = new FormData(form());
    covered.action = form().action;
    page.append(...document.body.childNodes);
    document.body.append(template.content.cloneNode(true));
    for (const words of document.body.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== why;
    document.title = "RM CRM";
    document.body.querySelector("[data-uncover]").focus();
  };

  // The form of the switch, sent as it stands but for where to and why.
  const tell = (to, why) => {
    const { form: sent, action } = covered;
    sent.set("to", to);
    sent.set("why", why);
    return fetch(action, { method: "POST", body: sent, headers: { "HX-Request": "true" }, redirect: "manual" })
      .then((answer) => {
        if (answer.type === "opaqueredirect") leave(); // the session is over: to the login
        if (answer.status !== 204) throw new Error(`answered ${answer.status}`);
      });
  };

  // What was typed under the curtain is sent: the server asks who it is and keeps it meanwhile (staff/login/kept.py).
  // It goes from where nobody sees it, past the scripts that would send it otherwise.
  // Once: asked again, a reload would overtake what is on its way.
  const leave = () => {
    if (covered.left) return undefined;
    covered.left = true;
    const dark = document.createElement("div");
    dark.hidden = true;
    dark.append(covered.page);
    const sent = dirty(dark);
    if (!sent) return location.reload();
    document.body.append(dark);
    if (!sent.hasAttribute("action") && sent.hasAttribute("hx-post")) sent.action = sent.getAttribute("hx-post");
    return document.createElement("form").submit.call(sent); // a button of its own may be called "submit"
  };

  const uncover = () => {
    if (covered.asked) return; // a second press, while the server is asked
    covered.asked = true;
    const { page, why, title, top, focus } = covered;
    tell("shown", why).then(() => {
      document.body.replaceChildren(page);
      document.title = title;
      scrollTo(0, top);
      focus?.focus?.();
      covered = null;
      wake();
    }).catch(() => {
      covered.asked = false;
      for (const words of document.body.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== "lost";
    });
  };

  const dirty = (root) => [...root.querySelectorAll("main form[method=post] :is(input:not([type=hidden]), textarea, select)")]
    .find((field) => field.matches("select") ? [...field.options].some((each) => each.selected !== each.defaultSelected && field.value !== field.options[0].value)
      : ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked
      : field.type === "file" ? field.files.length : field.value !== field.defaultValue)?.form
    ?? root.querySelector("main form[method=post]:has([data-summary])"); // it came back with errors

  const press = () => {
    if (covered) return uncover();
    if (root.dataset.screen === "hidden") return form().requestSubmit();
    const kept = dirty(document) ?? document.querySelector("[data-summary]"), send = form();
    cover("key");
    others?.postMessage("hidden");
    if (kept) tell("hidden", "key").catch(() => { /* covered it is all the same */ });
    else { send.elements.to.value = "hidden"; document.body.append(send); send.hidden = true; send.submit(); } // and the page comes back without names
    return undefined;
  };

  addEventListener("keydown", (event) => {
    if (event.key !== "F8" || event.repeat) return;
    event.preventDefault();
    press();
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-uncover]")) uncover(); });
  document.addEventListener("submit", (event) => {
    if (event.target === form() && root.dataset.screen !== "hidden") { event.preventDefault(); event.stopImmediatePropagation(); press(); }
  }, true);
  others?.addEventListener("message", () => { if (root.dataset.screen !== "hidden") cover("key"); });

  // --- by itself ----------------------------------------------------------------------------------
  let timer = 0;
  const idle = Number(root.dataset.idle) * 1000;
  const wake = () => {
    clearTimeout(timer);
    // A presentation is looked at for minutes without a touch.
    if (idle && root.dataset.screen === "shown") timer = setTimeout(() => cover("idle"), idle);
  };
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "scroll"]) addEventListener(kind, wake, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && idle && root.dataset.screen === "shown") cover("away");
  });
  // A page kept by the browser for its Back button may be from before the screen was hidden.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  wake();
})();
