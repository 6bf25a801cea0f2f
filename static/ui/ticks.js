// One box ticks all rows of its form: <input type="checkbox" data-ticks="rows">. Without it each is ticked by hand.
document.addEventListener("change", (event) => {
  const { ticks } = event.target.dataset;
  if (ticks) for (const box of event.target.form.querySelectorAll(`input[name="${ticks}"]`)) box.checked = event.target.checked;
});
