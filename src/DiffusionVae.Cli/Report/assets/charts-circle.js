import { circlePoint, degrees, spread } from "numbers";

/** A circle as a ring, points of the same angle side by side. Turns: how often the angle of the pair goes round for once round the circle. */
export function ringOf(turns) {
  const [inner, outer] = [0.72, 1];
  return {
    name: "circle", space: 2, size: [2.3, 2.3],
    outline: [{ circle: [0, 0, inner] }, { circle: [0, 0, outer] }, { text: "0", at: [1.07, 0] }],
    place(part, index) {
      const angle = turns * Math.atan2(part[1], part[0]), radius = inner + (outer - inner) * (0.06 + 0.88 * spread(index));
      return circlePoint(angle).map(value => value * radius);
    },
    point: ([x, y]) => circlePoint(Math.atan2(y, x) / turns),
    describe: part => degrees(Math.atan2(part[1], part[0])),
  };
}
