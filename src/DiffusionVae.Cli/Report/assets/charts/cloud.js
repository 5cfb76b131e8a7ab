/** The images of the run where a drawing has them. */
export class Cloud {
  /**
   * @param {object} drawing of slots.js
   * @param {object} images count, colours (three bytes an image), shown (0 or 1)
   */
  constructor(drawing, images) {
    Object.assign(this, { drawing, images, space: drawing.space, count: drawing.positions.length });
    this.positions = Float32Array.from(drawing.positions.flat());
  }

  /** The image drawn as the n-th position. */
  image(n) {
    return n % this.images.count;
  }

  /** Where an image is drawn: of two positions, the one nearer to a given one. */
  positionOf(image, near) {
    const positions = [image, image + this.images.count].filter(n => n < this.count).map(n => this.drawing.positions[n]);
    return positions.reduce((a, b) => (distance(b, near) < distance(a, near) ? b : a));
  }

  /** The image drawn nearest to a position, or null if none that is shown lies within the radius. */
  nearest(position, radius) {
    const { positions, space } = this;
    let least = radius * radius, best = null;
    for (let n = 0; n < this.count; n++) {
      if (!this.images.shown[this.image(n)]) continue;
      let square = 0;
      for (let i = 0; i < space; i++) square += (positions[n * space + i] - position[i]) ** 2;
      if (square < least) [least, best] = [square, this.image(n)];
    }
    return best;
  }
}

const distance = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));
