import { element } from "dom";

/** An image of the size of the run's, pixel by pixel in grey. */
export class Picture {
  /**
   * @param {{height: number, width: number, black: number, white: number}} format the size, and the values
   * shown as black and as white
   */
  constructor({ height, width, black, white }, label) {
    Object.assign(this, { black, white });
    this.canvas = element("canvas", { width, height, role: "img", ariaLabel: label });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.image = this.context.createImageData(width, height);
    this.image.data.fill(255);
  }

  /** Shows pixels of the model's own scale. */
  showValues(values) {
    const scale = 255 / (this.white - this.black);
    this.showShades(Uint8ClampedArray.from(values, value => (value - this.black) * scale));
  }

  /** Shows pixels in shades from 0 to 255. */
  showShades(shades) {
    shades.forEach((shade, i) => this.image.data.fill(shade, 4 * i, 4 * i + 3));
    this.context.putImageData(this.image, 0, 0);
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
