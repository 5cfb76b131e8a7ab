import { element } from "dom";

const bars = { height: 64, width: 128, colour: [70, 130, 180] };

/** An observation: an image pixel by pixel, grey or in colour, or a vector as bars, one for each feature. */
export class Picture {
  /**
   * @param {{height: number, width: number, channels: number, isVector: boolean, names: string[],
   *   black: number, white: number}} format the size, the names of features, and the values shown as black
   *   and as white, or by the lowest and the highest bar
   */
  constructor({ height, width, channels, isVector, names, black, white }, label) {
    Object.assign(this, { black, white, channels, isVector, names, features: width });
    this.bar = Math.max(1, Math.floor(bars.width / width));
    [this.height, this.width] = isVector ? [bars.height, width * this.bar] : [height, width];
    this.canvas = element("canvas", { width: this.width, height: this.height, role: "img", ariaLabel: label });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.image = this.context.createImageData(this.width, this.height);
    this.image.data.fill(255);
    if (isVector) this.canvas.addEventListener("pointermove", event => this.#name(event));
  }

  /** Shows pixels of the model's own scale. */
  showValues(values) {
    const scale = 255 / (this.white - this.black);
    this.showShades(Uint8ClampedArray.from(values, value => (value - this.black) * scale));
  }

  /** Shows pixels in shades from 0 to 255. */
  showShades(shades) {
    this.shades = shades.slice();
    if (this.isVector) this.#drawBars(shades);
    else this.#drawPixels(shades);
    this.context.putImageData(this.image, 0, 0);
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  #drawPixels(shades) {
    const { data } = this.image, size = this.height * this.width;
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++) data[4 * i + c] = shades[(this.channels === 3 ? c * size : 0) + i];
    }
  }

  #drawBars(shades) {
    const { data } = this.image, row = shade => Math.round((1 - shade / 255) * (this.height - 1));
    const zero = row(Math.min(255, Math.max(0, -this.black * 255 / (this.white - this.black))));
    data.fill(255);
    data.fill(200, 4 * zero * this.width, 4 * (zero + 1) * this.width);
    for (let i = 3; i < data.length; i += 4) data[i] = 255;
    shades.forEach((shade, feature) => {
      const end = row(shade);
      for (let y = Math.min(zero, end); y <= Math.max(zero, end); y++) {
        for (let x = feature * this.bar; x < feature * this.bar + Math.max(1, this.bar - 1); x++) {
          data.set(bars.colour, 4 * (y * this.width + x));
        }
      }
    });
  }

  /** Tells the name and the value of the feature at the pointer. */
  #name(event) {
    const feature = Math.min(this.features - 1, Math.floor((event.offsetX / this.canvas.clientWidth) * this.features));
    const value = this.black + ((this.shades?.[feature] ?? 0) / 255) * (this.white - this.black);
    this.canvas.title = `${this.names[feature] ?? `feature ${feature + 1}`}: ${value.toPrecision(3)}`;
  }
}
