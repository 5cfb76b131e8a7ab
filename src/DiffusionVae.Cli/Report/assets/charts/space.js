import { ball, cube, mesh } from "charts/solids";

// Charts in space, z up, all within the unit ball.

/** A chart of three coordinates as a ball, or as a box whose corners lie on it. */
export function solidDrawing(chart, places) {
  const isBall = chart.kind === "ball", size = isBall ? 1 : 0.62;
  const { axes } = chart;
  const toDrawing = place => place.map((value, i) => (size * (2 * value - axes[i].low - axes[i].high)) / (axes[i].high - axes[i].low));
  const fromDrawing = drawn => drawn.map((value, i) => (axes[i].low + axes[i].high + (value / size) * (axes[i].high - axes[i].low)) / 2);
  return {
    name: isBall ? "ball" : "3-d",
    space: 3,
    positions: places.map(toDrawing),
    position: state => toDrawing(state.place),
    // The slice reaches beyond a box: its nearest point is taken.
    state: hit => chart.at(fromDrawing(hit.point.toArray()).map((value, i) =>
      (isBall ? value : Math.min(axes[i].high, Math.max(axes[i].low, value))))),
    solid: () => (isBall ? ball() : cube(size)),
  };
}

/**
 * A surface in space over a chart of two coordinates. Where two opposite points stand for the same point,
 * both are drawn.
 * @param {Chart} chart the chart
 * @param {number} index which of its surfaces
 * @param {number[][]} positions of the images on it
 * @param {boolean} both whether it has opposite points
 */
export function surfaceDrawing(chart, index, positions, both) {
  const signs = both ? [1, -1] : [1];
  const sheets = signs.flatMap(sign => chart.series.map((_, sheet) => ({ sign, sheet })));
  const at = ({ sign, sheet }, shares) => chart.of({ shares, sheet }).positions[index].map(value => sign * value);
  const scale = 1 / Math.max(...sheets.flatMap(part => corners().map(shares => Math.hypot(...at(part, shares)))));
  const scaled = (position, sign = 1) => position.map(value => sign * scale * value);
  let side = 1;
  return {
    name: both ? "3-d, ±p" : "3-d",
    space: 3,
    positions: signs.flatMap(sign => positions.map(position => scaled(position, sign))),
    position: state => scaled(state.positions[index], side),
    state(hit) {
      const { sign, sheet } = hit.object.userData.part;
      side = sign;
      return chart.of({ shares: hit.uv.toArray(), sheet });
    },
    solid: () => mesh(sheets, (part, shares) => scaled(at(part, shares)), chart.kind === "box" ? [24, 12] : [6, 12]),
  };
}

/** Places all over a chart. */
function corners(steps = 16) {
  return Array.from({ length: (steps + 1) ** 2 }, (_, i) => [Math.floor(i / (steps + 1)) / steps, (i % (steps + 1)) / steps]);
}
