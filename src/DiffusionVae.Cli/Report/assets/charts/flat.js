import { spread } from "numbers";

// Charts as they lie on the plane, x to the right and y up.

/** Half the height of a drawing whose half width is 1; thin ones are stretched. */
const halfHeight = ([across, up]) => Math.min(4, Math.max(0.15, (up.high - up.low) / (across.high - across.low)));
const unit = ({ low, high }, value) => (2 * value - low - high) / (high - low);
const value = ({ low, high }, unit) => (low + high + unit * (high - low)) / 2;
const isGlued = ({ periodic, twisted }) => periodic || twisted;

function line(axes) {
  const [axis] = axes, [foot, height] = [-0.36, 0.25];
  return {
    name: "line", size: [2.3, 0.9],
    outline: [
      ...edges(1, height, [axis]),
      ...axis.ticks.map(tick => ({ text: tick.label, at: [unit(axis, tick.value), foot] })),
      { text: axis.name, at: [0.5, foot] },
    ],
    toDrawing: ([x], index) => [unit(axis, x), 0.4 * (spread(index) - 0.5)],
    fromDrawing: ([x]) => [value(axis, x)],
  };
}

function rectangle(axes) {
  const [across, up] = axes, height = halfHeight(axes), margin = 0.08;
  return {
    name: "flat", size: [2.3, 2 * height + 0.3],
    outline: [
      ...edges(1, height, axes), ...arrows(height, axes),
      ...across.ticks.map(tick => ({ text: tick.label, at: [unit(across, tick.value), -height - margin] })),
      ...up.ticks.map(tick => ({ text: tick.label, at: [-1 - margin, height * unit(up, tick.value)] })),
      { text: across.name, at: [0.5, -height - margin] }, { text: up.name, at: [-1 - margin, height / 2], upright: true },
    ],
    toDrawing: ([x, y]) => [unit(across, x), height * unit(up, y)],
    fromDrawing: ([x, y]) => [value(across, x), value(up, y / height)],
  };
}

/** The edges of a rectangle, dashed where two are one. */
function edges(width, height, [across, up]) {
  const [beside, above] = [isGlued(across), up !== undefined && isGlued(up)];
  return [
    ...[-width, width].map(x => ({ line: [x, -height, x, height], dashed: beside })),
    ...[-height, height].map(y => ({ line: [-width, y, width, y], dashed: above })),
  ];
}

/**
 * Arrows on edges that are one, as in the figures: single on the left and right, double at the bottom and
 * top; opposed where one edge is turned over.
 */
function arrows(height, [across, up]) {
  const back = axis => (axis.twisted ? -1 : 1);
  return [
    ...(isGlued(across) ? [[-1, 1], [1, back(across)]].map(([x, sign]) => ({ arrow: [x, 0], toward: [0, sign] })) : []),
    ...(isGlued(up) ? [[-height, 1], [height, back(up)]].flatMap(([y, sign]) =>
      [-0.03, 0.03].map(x => ({ arrow: [x, y], toward: [sign, 0] }))) : []),
  ];
}

/** A circle as a ring, points of the same angle side by side. */
function ring([across, up]) {
  const [inner, outer] = [0.72, 1];
  return {
    name: "circle", size: [2.3, 2.3],
    outline: [{ ellipse: [0, 0, inner, inner] }, { ellipse: [0, 0, outer, outer] }, { text: "0", at: [1.07, 0] }],
    toDrawing([x, y], index) {
      const radius = inner + (outer - inner) * (0.06 + 0.88 * spread(index));
      return [(x / across.high) * radius, (y / up.high) * radius];
    },
    fromDrawing: ([x, y]) => [x * across.high, y * up.high],
  };
}

/** One unit of the drawing is the larger half axis. */
function disc([across, up], rim) {
  const scale = Math.max(across.high, up.high);
  return {
    name: "disc", size: [2.3, 2.4],
    outline: [
      { ellipse: [0, 0, across.high / scale, up.high / scale], dashed: rim !== "none" },
      ...(rim === "opposite" ? [{ text: "opposite points of the rim are one", at: [0, -up.high / scale - 0.1] }] : []),
    ],
    toDrawing: place => place.map(value => value / scale),
    fromDrawing: drawn => drawn.map(value => value * scale),
  };
}

function hemispheres([across, up]) {
  const radius = across.high / 2, scale = Math.max(radius, up.high), [width, height] = [radius / scale, up.high / scale];
  return {
    name: "two hemispheres", size: [4 * width + 0.1, 2 * height + 0.4],
    outline: [
      ...[-width, width].map(x => ({ ellipse: [x, 0, width, height] })),
      { text: "z > 0", at: [-width, -height - 0.1] }, { text: "z < 0", at: [width, -height - 0.1] },
    ],
    toDrawing: place => place.map(value => value / scale),
    fromDrawing: drawn => drawn.map(value => value * scale),
  };
}

const layouts = { circle: ring, disc, hemispheres };

/**
 * A chart on the plane, for View2d.
 * @param {Chart} chart of at most two coordinates
 * @param {number[][]} places of the images
 */
export function flatDrawing(chart, places) {
  const layout = (layouts[chart.kind] ?? (chart.axes.length === 1 ? line : rectangle))(chart.axes, chart.rim);
  return {
    ...layout,
    space: 2,
    positions: places.map(layout.toDrawing),
    position: state => layout.toDrawing(state.place),
    state: drawn => chart.at(layout.fromDrawing(drawn)),
  };
}
