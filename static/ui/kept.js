// Puts what was typed before the session ended back into its form: the server kept it, the browser did not.
(() => {
  const told = document.getElementById("kept");
  const fields = new Map(JSON.parse(document.getElementById("kept-fields").textContent));
  const leads = (form) => [form.getAttribute("action"), form.getAttribute("hx-post")].some((address) => {
    if (address === null) return false;
    const url = new URL(address, location.href);
    return url.pathname + url.search === told.dataset.path;
  });
  const forms = [...document.querySelectorAll("main form[method=post]")].filter(leads);
  // Of several forms that lead there the one with most of these fields; hidden ones are as the page made them anew.
  const typed = (form) => [...form.elements].filter((el) => el.name && !["hidden", "file", "submit", "button"].includes(el.type));
  const score = (form) => typed(form).filter((el) => fields.has(el.name)).length;
  const form = forms.sort((one, other) => score(other) - score(one))[0];
  if (!form || !score(form)) {
    told.hidden = Boolean(form) || told.dataset.refused === "true"; // a button, or the form is gone: nothing to fill in
    return;
  }
  const used = new Map();
  for (const el of typed(form)) {
    const values = fields.get(el.name) ?? [];
    if (["checkbox", "radio"].includes(el.type)) el.checked = values.includes(el.value);
    else if (el.multiple) for (const option of el.options) option.selected = values.includes(option.value);
    else if (values.length) {
      const at = used.get(el.name) ?? 0;
      used.set(el.name, at + 1);
      if (at < values.length) el.value = values[at];
    }
  }
  for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  for (const line of told.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== "filled";
})();
