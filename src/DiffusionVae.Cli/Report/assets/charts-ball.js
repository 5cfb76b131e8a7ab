import { degrees, length, numbers, unit } from "numbers";

/** a from a - sin a, by Newton's method from where the series begins. */
function turnOfVolume(area) {
  let angle = Math.cbrt(6 * area);
  for (let i = 0; i < 8 && angle > 1e-6; i++) angle -= (angle - Math.sin(angle) - area) / Math.max(1 - Math.cos(angle), 1e-9);
  return angle;
}

/**
 * A ball that keeps volumes, filled by unit quaternions (w, v): in the direction of v, at ((a - sin a) / most)^⅓ from the centre, a being twice the
 * angle from (1, 0): up to π where q and -q are one, opposite points of the surface being one too; else up to 2π, the surface being one point.
 */
export function ballOf(toQuaternion, fromQuaternion, antipodal, describe) {
  const most = antipodal ? Math.PI : 2 * Math.PI;
  return {
    name: "ball", space: 3, solid: { ball: true },
    place(part) {
      const quaternion = upper(toQuaternion(part), antipodal), direction = unit(quaternion.slice(1)), angle = turnOf(quaternion);
      return direction.map(value => value * Math.cbrt((angle - Math.sin(angle)) / most));
    },
    point(place) {
      const radius = length(place);
      if (radius > 1) return null;
      const half = turnOfVolume(most * radius ** 3) / 2;
      return fromQuaternion([Math.cos(half), ...unit(place).map(value => value * Math.sin(half))]);
    },
    describe,
  };
}

/** Of a quaternion and its opposite, the one with w not negative; only where they are one. */
const upper = (quaternion, antipodal = true) => (antipodal && quaternion[0] < 0 ? quaternion.map(value => -value) : quaternion);
const turnOf = ([w, ...v]) => 2 * Math.atan2(length(v), w);

const toMatrix = ([w, x, y, z]) => [
  1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
  2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
  2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
];

/** The unit quaternion of a rotation, as RotationGroup.ToQuaternions: of the rows of 4 q qᵀ, that with the largest diagonal entry. */
function toQuaternion(r) {
  const rows = [
    [1 + r[0] + r[4] + r[8], r[7] - r[5], r[2] - r[6], r[3] - r[1]],
    [r[7] - r[5], 1 + r[0] - r[4] - r[8], r[1] + r[3], r[2] + r[6]],
    [r[2] - r[6], r[1] + r[3], 1 - r[0] + r[4] - r[8], r[5] + r[7]],
    [r[3] - r[1], r[2] + r[6], r[5] + r[7], 1 - r[0] - r[4] + r[8]],
  ];
  const largest = [0, 1, 2, 3].reduce((best, i) => (rows[i][i] > rows[best][best] ? i : best), 0);
  return unit(rows[largest]);
}

function describeRotation(part) {
  const quaternion = upper(toQuaternion(part));
  return `${degrees(turnOf(quaternion))} about ${numbers(unit(quaternion.slice(1)))}`;
}

/** SO(3): the rotation in the direction of its axis. */
export const rotationSlots = () => [{ offset: 0, width: 9, charts: [ballOf(toQuaternion, toMatrix, true, describeRotation)] }];
