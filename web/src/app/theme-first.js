// Runs before the first paint, so that nobody sees the wrong theme flash by.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("northing.theme");
  } catch {
    chosen = null; // storage may be blocked; the system's wish still counts
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
