// A security key that was not taken is told on the page; the browser's own words are for its console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("key-failed").hidden = false;
});
