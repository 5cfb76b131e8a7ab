import { element } from "dom";
import { onArrows, step } from "keys";
import { sheet } from "sheet";

const markerRadius = 6;
const pickRadius = 12;

/** A chart on the plane: the images as dots on one canvas, the marker of the decoded point on another above it. */
export class View2d {
  /**
   * @param {Cloud} cloud the images in the chart
   * @param {{ part(): number[], moved(part: number[], image: number | null): void }} latent the coordinates shown now, and whom to tell of others
   */
  constructor(cloud, latent) {
    Object.assign(this, { cloud, chart: cloud.chart, latent, near: null });
    const [width, height] = this.chart.size;
    this.dots = element("canvas", { ariaHidden: "true" });
    this.marks = element("canvas", { tabIndex: 0, role: "img", ariaLabel: `Latent space, ${this.chart.name}. The pointer, or the arrow keys, choose the point that is decoded.` });
    this.element = element("div", { className: "view flat", style: `aspect-ratio: ${width} / ${height}` }, this.dots, this.marks);
    this.marks.addEventListener("pointermove", event => this.#pointed(event));
    this.marks.addEventListener("pointerdown", event => this.#pointed(event));
    onArrows(this.marks, (arrow, far) => this.#moveTo(this.chart.place(this.latent.part()).map((value, i) => value + (far ? 5 * step : step) * arrow[i])));
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Draws everything anew: the size, the colours or the images shown are others. */
  draw() {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    this.scale = clientWidth / this.chart.size[0];
    for (const canvas of [this.dots, this.marks]) {
      canvas.width = clientWidth * devicePixelRatio;
      canvas.height = clientHeight * devicePixelRatio;
      canvas.getContext("2d").scale(devicePixelRatio, devicePixelRatio);
    }
    const context = this.dots.getContext("2d");
    this.#drawOutline(context);
    this.#drawDots(context);
    this.mark(this.near);
  }

  /** Draws the marker, and a ring about an image. */
  mark(image) {
    this.near = image;
    if (!this.scale) return;
    const context = this.marks.getContext("2d");
    context.clearRect(0, 0, this.element.clientWidth, this.element.clientHeight);
    const place = this.chart.place(this.latent.part());
    if (image !== null) this.#ring(context, this.cloud.placeOf(image, place), markerRadius - 2, 1.5);
    this.#ring(context, place, markerRadius, 2);
  }

  #drawOutline(context) {
    context.strokeStyle = sheet.line;
    context.fillStyle = sheet.text;
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "center";
    for (const { box, circle, text, at, dashed, faint, upright } of this.chart.outline) {
      context.setLineDash(dashed ? [5, 4] : []);
      context.globalAlpha = faint ? 0.6 : 1;
      context.beginPath();
      if (box) context.rect(...this.#pixels([box[0], box[3]]), (box[2] - box[0]) * this.scale, (box[3] - box[1]) * this.scale);
      if (circle) context.arc(...this.#pixels(circle), circle[2] * this.scale, 0, 2 * Math.PI);
      context.stroke();
      if (text) {
        context.save();
        context.translate(...this.#pixels(at));
        if (upright) context.rotate(-Math.PI / 2);
        context.fillText(text, 0, 0);
        context.restore();
      }
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  #drawDots(context) {
    const { images, positions, count } = this.cloud;
    const radius = Math.min(4, Math.max(1.4, (0.35 * this.element.clientWidth) / Math.sqrt(count) / 2));
    for (let n = 0; n < count; n++) {
      const image = this.cloud.image(n);
      context.globalAlpha = images.shown[image] ? 0.8 : 0.04;
      context.fillStyle = `rgb(${images.colours.subarray(3 * image, 3 * image + 3).join(" ")})`;
      context.beginPath();
      context.arc(...this.#pixels([positions[2 * n], positions[2 * n + 1]]), radius, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  #ring(context, place, radius, width) {
    for (const [style, line] of [[sheet.paper, width + 2.5], [sheet.ink, width]]) {
      context.beginPath();
      context.arc(...this.#pixels(place), radius, 0, 2 * Math.PI);
      context.strokeStyle = style;
      context.lineWidth = line;
      context.stroke();
    }
  }

  #pixels([x, y]) {
    return [this.element.clientWidth / 2 + x * this.scale, this.element.clientHeight / 2 - y * this.scale];
  }

  #pointed(event) {
    const box = this.marks.getBoundingClientRect();
    const place = [event.clientX - box.left - box.width / 2, box.top + box.height / 2 - event.clientY].map(pixels => pixels / this.scale);
    this.#moveTo(place);
  }

  #moveTo(place) {
    const part = this.chart.point(place, this.latent.part());
    if (part) this.latent.moved(part, this.cloud.nearest(place, pickRadius / this.scale));
  }
}
