// Plots of figures that stand in a table beneath: bars over labels, lines over days.  Drawn anew when the colours change.
import uPlot from "uplot";

const HEIGHT = 200;
const DAY = 86400;
const day = (second) => new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", day: "numeric", timeZone: "UTC" }).format(second * 1000);
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5]];

export function setUp() {
  const places = [...document.querySelectorAll("[data-plot]")];
  const drawn = new Map();
  const draw = (place) => {
    drawn.get(place)?.destroy();
    drawn.set(place, plot(place, JSON.parse(place.dataset.plot)));
  };
  places.forEach(draw);
  const again = () => places.forEach(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-scheme"] });
  const sizes = new ResizeObserver((changes) => {
    for (const { target } of changes) drawn.get(target)?.setSize({ width: target.clientWidth, height: HEIGHT });
  });
  places.forEach((place) => sizes.observe(place));
}

function plot(place, data) {
  const colours = colour(place);
  const axis = { stroke: colours.soft, grid: { stroke: colours.line, width: 1 }, ticks: { show: false }, font: "12px system-ui" };
  const bars = data.kind === "bars";
  const xs = bars ? data.labels.map((_, place) => place) : data.times;
  const most = Math.max(1, ...data.series.flatMap((each) => each.values.map((value) => value ?? 0)));
  const options = {
    tzDate: (second) => uPlot.tzDate(new Date(second * 1000), "UTC"),
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"), // days come as the midnights of that clock
    cursor: { show: false },
    legend: { show: data.series.length > 1, live: false },
    scales: {
      x: { time: !bars, range: bars ? [-0.6, xs.length - 0.4] : undefined },
      y: { range: [0, most * 1.08] },
    },
    axes: [
      bars
        ? { ...axis, grid: { show: false }, splits: () => xs, values: () => data.labels }
        : { ...axis, grid: { show: false }, space: 64, incrs: [1, 2, 7, 14, 28, 91, 364].map((days) => days * DAY), values: (_, ticks) => ticks.map(day) },
      { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000], values: (_, ticks) => ticks.map((tick) => `${tick}${data.unit ?? ""}`) },
    ],
    series: [
      {},
      ...data.series.map((each, number) => bars
        ? { label: each.label, fill: colours.lines[0], stroke: colours.lines[0], width: 0, paths: uPlot.paths.bars({ size: [0.7, 60] }), points: { show: false } }
        : { label: each.label, stroke: colours.lines[number % colours.lines.length], width: 2, dash: DASHES[number % DASHES.length], points: { show: true, size: 6 } }),
    ],
  };
  return new uPlot(options, [xs, ...data.series.map((each) => each.values)], place);
}

// Canvas knows no custom properties, and none of `light-dark()`: a hidden element is asked what each colour is here and now.
function colour(place) {
  const probe = place.appendChild(document.createElement("span"));
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    soft: read("ink-soft"),
    line: read("line"),
    lines: ["accent", "fail", "pass", "partial", "ink-soft"].map(read),
  };
  probe.remove();
  return found;
}
