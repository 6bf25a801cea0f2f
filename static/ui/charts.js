// Draws every canvas[data-chart] from the JSON beside it; Chart.js is fetched only where a chart is.
(() => {
  const { lib } = document.currentScript.dataset;
  const drawn = new Map();
  let fetching = null;
  const library = () => {
    fetching ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: lib, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    return fetching;
  };
  // Colours are tokens; the browser works out which of light-dark() holds.
  const colour = (token) => {
    const probe = document.createElement("i");
    probe.hidden = true;
    probe.style.color = `var(--rm-${token})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const faint = (value, share) => value.replace("rgb(", "rgba(").replace(")", `, ${share})`);

  const draw = (canvas) => {
    const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    const [link, quiet, line] = [colour("link"), colour("quiet"), colour("line")];
    const shades = [link, faint(link, 0.45), quiet, faint(quiet, 0.45), faint(link, 0.22)];
    const shade = (series, at) => series.tone ? colour(series.tone) : shades[at % shades.length]; // a tone means something: late, warn, good
    const round = data.kind === "doughnut";
    const lying = data.kind === "rows"; // bars from left to right, for labels that are words
    const bars = lying || data.kind === "bar";
    const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
    const full = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
    const text = (value) => full.format(value) + (data.unit ? ` ${data.unit}` : "");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.color = quiet;
    drawn.get(canvas)?.destroy();
    drawn.set(canvas, new Chart(canvas, {
      type: lying ? "bar" : data.kind,
      data: {
        labels: data.labels,
        datasets: data.series.map((series, at) => ({
          label: series.name,
          data: series.values,
          backgroundColor: round ? data.labels.map((_, index) => shades[index % shades.length]) : shade(series, at),
          borderColor: round ? colour("surface") : shade(series, at),
          borderWidth: bars ? 0 : 2,
          borderRadius: bars ? 3 : 0,
          maxBarThickness: 36,
          pointRadius: data.kind === "line" ? 2 : 0,
          tension: 0,
        })),
      },
      options: {
        responsive: true,
        maintainAspectRatio: false,
        animation: false,
        onClick: (_, hits) => { const url = hits[0] && data.urls[hits[0].index]; if (url) location.assign(url); },
        onHover: (event, hits) => { canvas.classList.toggle("pointer", Boolean(hits[0] && data.urls[hits[0].index])); },
        indexAxis: lying ? "y" : "x",
        scales: round ? {} : {
          [lying ? "y" : "x"]: { stacked: data.stacked, grid: { display: false }, border: { color: line }, ticks: lying ? { autoSkip: false, callback(value) { const label = this.getLabelForValue(value); return this.chart.width < 420 && label.length > 18 ? `${label.slice(0, 17)}…` : label; } } : {} },
          [lying ? "x" : "y"]: { stacked: data.stacked, beginAtZero: true, grid: { color: line }, border: { display: false }, ticks: { callback: (value) => short.format(value), maxTicksLimit: 6, precision: 0 } },
        },
        plugins: {
          legend: { display: round || data.series.length > 1, position: round ? "right" : "top", align: "end", labels: { boxWidth: 10, boxHeight: 10 } },
          tooltip: { callbacks: { label: (item) => ` ${round ? item.label : item.dataset.label}: ${text(item.raw)}` } },
        },
      },
    }));
  };
  const drawAll = () => {
    for (const canvas of drawn.keys()) if (!canvas.isConnected) { drawn.get(canvas).destroy(); drawn.delete(canvas); }
    const waiting = [...document.querySelectorAll("canvas[data-chart]")].filter((canvas) => !drawn.has(canvas));
    if (waiting.length) library().then(() => waiting.forEach(draw)).catch(() => { /* the table beside it says it all */ });
  };
  document.addEventListener("htmx:after:swap", drawAll);
  document.addEventListener("rmcrm:theme", () => drawn.forEach((_, canvas) => draw(canvas)));
  drawAll();
})();
