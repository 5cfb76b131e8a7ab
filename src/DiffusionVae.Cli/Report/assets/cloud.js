/** The images of the run where a chart draws them. */
export class Cloud {
  /**
   * @param {object} chart from charts.js
   * @param {object} slot whose chart it is
   * @param {object} images count, points (all coordinates, image by image), width of a point, colours (three bytes an image), shown (0 or 1)
   */
  constructor(chart, slot, images) {
    Object.assign(this, { chart, images, space: chart.space });
    const parts = this.#parts(slot);
    const places = parts.map((part, i) => chart.place(part, i));
    // Where both of two antipodes are drawn, the second ones follow the first.
    if (chart.both) places.push(...parts.map(part => chart.place(part.map(value => -value))));
    this.positions = Float32Array.from(places.flat());
    this.count = places.length;
  }

  #parts({ offset, width }) {
    const { count, points, width: stride } = this.images;
    return Array.from({ length: count }, (_, i) => Array.from(points.subarray(i * stride + offset, i * stride + offset + width)));
  }

  /** The image drawn as the n-th place. */
  image(n) {
    return n % this.images.count;
  }

  /** Where an image is drawn: of two places, the one nearer to a given one. */
  placeOf(image, near) {
    const places = [image, image + this.images.count].filter(n => n < this.count).map(n => Array.from(this.positions.subarray(n * this.space, (n + 1) * this.space)));
    return places.reduce((a, b) => (distance(b, near) < distance(a, near) ? b : a));
  }

  /** The image drawn nearest to a place, or null if none that is shown lies within the radius. */
  nearest(place, radius) {
    const { positions, space } = this;
    let least = radius * radius, best = null;
    for (let n = 0; n < this.count; n++) {
      if (!this.images.shown[this.image(n)]) continue;
      let square = 0;
      for (let i = 0; i < space; i++) square += (positions[n * space + i] - place[i]) ** 2;
      if (square < least) [least, best] = [square, this.image(n)];
    }
    return best;
  }
}

const distance = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));
