import { ringOf } from "charts-circle";
import { circlePoint, degrees, range } from "numbers";

const turn = ["−π", "0", "π"];

/** A rectangle whose opposite sides are one, from the angles of a point, that across first; height is its share of the width. */
function rectangleOf(toAngles, fromAngles, [across, up], height = 1) {
  const wrap = value => value - 2 * Math.floor((value + 1) / 2);
  const margin = 0.1;
  return {
    name: "square", space: 2, size: [2.3, 2 * height + 0.3],
    outline: [
      { box: [-1, -height, 1, height], dashed: true },
      ...[-1, 0, 1].flatMap(at => [{ text: turn[at + 1], at: [at, -height - margin] }, { text: turn[at + 1], at: [-1 - margin, at * height] }]),
      { text: across, at: [0.5, -height - margin] }, { text: up, at: [-1 - margin, height / 2], upright: true },
    ],
    place: part => toAngles(part).map((angle, i) => (angle / Math.PI) * (i ? height : 1)),
    point([x, y]) {
      const beyond = Math.max(Math.abs(x) - 1, Math.abs(y) - height);
      return beyond > margin ? null : fromAngles([wrap(x) * Math.PI, wrap(y / height) * Math.PI]);
    },
    describe: part => toAngles(part).map((angle, i) => `${[across, up][i]} ${degrees(angle)}`).join(", "),
  };
}

/** A torus in space about the z-axis; the first angle goes the long way round. */
function ringTorus(core, tube, toAngles, fromAngles, describe) {
  const scale = 1 / (core + tube);
  return {
    name: "3-d", space: 3, solid: { torus: [core * scale, tube * scale] },
    place(part) {
      const [v, u] = toAngles(part), axis = (core + tube * Math.cos(u)) * scale;
      return [axis * Math.cos(v), axis * Math.sin(v), tube * scale * Math.sin(u)];
    },
    point([x, y, z]) {
      return fromAngles([Math.atan2(y, x), Math.atan2(z, Math.hypot(x, y) - core * scale)]);
    },
    describe,
  };
}

const pairAngles = part => [Math.atan2(part[1], part[0]), Math.atan2(part[3], part[2])];
const pairPoint = ([a, b]) => [...circlePoint(a), ...circlePoint(b)];

function flatTorusSlot(offset, first) {
  const square = rectangleOf(pairAngles, pairPoint, [`angle ${first}`, `angle ${first + 1}`]);
  return { offset, width: 4, charts: [square, ringTorus(1, 0.42, pairAngles, pairPoint, square.describe)] };
}

/** The ring torus as it stands in space, and unrolled: v, the long way round, across and u up, as long as their circles. */
export function embeddedTorusSlots(core, tube) {
  const toAngles = ([x, y, z]) => [Math.atan2(y, x), Math.atan2(z, Math.hypot(x, y) - core)];
  const fromAngles = ([v, u]) => {
    const axis = core + tube * Math.cos(u);
    return [axis * Math.cos(v), axis * Math.sin(v), tube * Math.sin(u)];
  };
  const square = { ...rectangleOf(toAngles, fromAngles, ["v", "u"], Math.max(tube / core, 0.15)), name: "unrolled" };
  return [{ offset: 0, width: 3, charts: [ringTorus(core, tube, toAngles, fromAngles, square.describe), square] }];
}

/** The flat torus: circles in pairs, as a square and as a ring in space, and the odd one last. */
export function torusSlots(k) {
  const pairs = range(Math.floor(k / 2)).map(i => flatTorusSlot(4 * i, 2 * i + 1));
  return k % 2 ? [...pairs, { offset: 2 * k - 2, width: 2, charts: [ringOf(1)] }] : pairs;
}
