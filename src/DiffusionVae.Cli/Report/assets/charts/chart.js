import { kinds } from "charts/kinds";
import { Series } from "charts/series";
import { degrees, fixed, numbers } from "numbers";

/**
 * The chart of a part of the latent space: from places to points, and to where these stand in space.
 * A state is a point that can be shown: { place, its coordinates in the chart; part, those in the latent
 * space; positions, in space, one for each surface }.
 */
export class Chart {
  /**
   * @param {object} description as PageChart.cs writes it: kind, axes, rim, nodes, isSmooth
   * @param {Float32Array} values of the points, and of the surfaces beside them, at the nodes
   * @param {number} width the number of coordinates of a point
   * @param {number} surfaces the number of surfaces
   */
  constructor({ kind, axes, rim, nodes, isSmooth }, values, width, surfaces) {
    Object.assign(this, { kind, axes, rim, width, surfaces, geometry: kinds[kind](axes) });
    const { sheets } = this.geometry, size = values.length / sheets;
    this.series = Array.from({ length: sheets }, (_, i) => new Series(nodes, values.subarray(i * size, (i + 1) * size), isSmooth));
  }

  /** The state of a place, or null outside of the chart. */
  at(place) {
    const found = this.geometry.shares(place);
    return found && this.of(found);
  }

  /** The state of the numbers from which a place follows. */
  of({ shares, sheet }) {
    const values = this.series[sheet].at(shares);
    return {
      place: this.geometry.coordinates(shares, sheet),
      part: values.slice(0, this.width),
      positions: Array.from({ length: this.surfaces }, (_, i) => values.slice(this.width + 3 * i, this.width + 3 * i + 3)),
    };
  }

  /** A point in words: its angles or coordinates in the chart, or in the latent space where these are few. */
  describe({ place, part }) {
    if (this.kind === "circle") return degrees(Math.atan2(place[1] / this.axes[1].high, place[0] / this.axes[0].high));
    if (this.kind !== "box" && part.length <= 4) return numbers(part);
    return place.map((value, i) => {
      const { name, low, high } = this.axes[i], isAngle = Math.abs(high - low - 2 * Math.PI) < 1e-6;
      return `${name.split(",")[0]} ${isAngle ? degrees(value) : fixed(value, 2)}`;
    }).join(", ");
  }
}
