import { sphereSlots } from "charts-spheres";
import { numbers } from "numbers";

/** The charts of the sphere, of which the ellipsoid with these semi-axes is the image. */
export function ellipsoidSlots(...parameters) {
  const axes = parameters.slice(0, -1);
  const toSphere = part => Array.from(part, (value, i) => value / axes[i]);
  const fromSphere = point => point && point.map((value, i) => value * axes[i]);
  return sphereSlots(axes.length - 1).map(slot => ({
    ...slot,
    charts: slot.charts.map(chart => ({
      ...chart,
      place: (part, index) => chart.place(toSphere(part), index),
      point: (place, part) => fromSphere(chart.point(place, toSphere(part))),
      describe: part => chart.describe(toSphere(part)),
    })),
  }));
}

/** The Klein bottle unrolled: u to the right, v up; the left edge is the right one upside down. */
export function kleinBottleSlots(core, tube) {
  const half = Math.PI;
  const parameters = ([x, y, z, w]) => {
    const u = Math.atan2(y, x);
    return [u, Math.atan2(z * Math.cos(u / 2) + w * Math.sin(u / 2), Math.hypot(x, y) - core)];
  };
  return [{
    offset: 0, width: 4,
    charts: [{
      name: "unrolled", space: 2, size: [2.3, 2.3],
      outline: [{ box: [-1, -1, 1, 1] }, { text: "u, the long way round", at: [0, -1.08] }, { text: "v", at: [-1.08, 0] }],
      place: part => parameters(part).map(value => value / half),
      point(place) {
        if (place.some(value => Math.abs(value) > 1)) return null;
        const [u, v] = place.map(value => value * half), out = core + tube * Math.cos(v), across = tube * Math.sin(v);
        return [out * Math.cos(u), out * Math.sin(u), across * Math.cos(u / 2), across * Math.sin(u / 2)];
      },
      describe: part => numbers(parameters(part)),
    }],
  }];
}
