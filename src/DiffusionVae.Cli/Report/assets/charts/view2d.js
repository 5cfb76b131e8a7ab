import { element } from "dom";
import { onArrows, step } from "keys";
import { sheet } from "sheet";

const markerRadius = 6;
const pickRadius = 12;

/**
 * A drawing on the plane: the images as dots on one canvas, the marker of the decoded point on another above
 * it.
 */
export class View2d {
  /**
   * @param {Cloud} cloud the images in the drawing
   * @param {{ state(): object, moved(state: object, image: number | null): void }} latent the state shown
   *   now, and who is told of another
   */
  constructor(cloud, latent) {
    Object.assign(this, { cloud, drawing: cloud.drawing, latent, near: null });
    const [width, height] = this.drawing.size;
    this.dots = element("canvas", { ariaHidden: "true" });
    const label = `Latent space, ${this.drawing.name}. The pointer, or the arrow keys, choose the point that is decoded.`;
    this.marks = element("canvas", { tabIndex: 0, role: "img", ariaLabel: label });
    this.element = element("div", { className: "view flat", style: `aspect-ratio: ${width} / ${height}` }, this.dots, this.marks);
    this.marks.addEventListener("pointermove", event => this.#pointed(event));
    this.marks.addEventListener("pointerdown", event => this.#pointed(event));
    onArrows(this.marks, (arrow, far) => {
      const position = this.drawing.position(this.latent.state());
      this.#moveTo(position.map((value, i) => value + (far ? 5 * step : step) * arrow[i]));
    });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Draws everything anew: the size, the colours or the images shown are others. */
  draw() {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    this.scale = clientWidth / this.drawing.size[0];
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
    const position = this.drawing.position(this.latent.state());
    if (image !== null) this.#ring(context, this.cloud.positionOf(image, position), markerRadius - 2, 1.5);
    this.#ring(context, position, markerRadius, 2);
  }

  #drawOutline(context) {
    context.strokeStyle = sheet.line;
    context.fillStyle = sheet.text;
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "center";
    for (const { line, ellipse, arrow, toward, text, at, dashed, upright } of this.drawing.outline) {
      context.setLineDash(dashed ? [5, 4] : []);
      context.beginPath();
      if (line) {
        context.moveTo(...this.#pixels(line.slice(0, 2)));
        context.lineTo(...this.#pixels(line.slice(2)));
      }
      if (ellipse) context.ellipse(...this.#pixels(ellipse), ellipse[2] * this.scale, ellipse[3] * this.scale, 0, 0, 2 * Math.PI);
      context.stroke();
      if (arrow) this.#drawArrow(context, arrow, toward);
      if (text) {
        context.save();
        context.translate(...this.#pixels(at));
        if (upright) context.rotate(-Math.PI / 2);
        context.fillText(text, 0, 0);
        context.restore();
      }
    }
    context.setLineDash([]);
  }

  /** A filled triangle that stands out from the line below it. */
  #drawArrow(context, at, [right, up]) {
    const [x, y] = this.#pixels(at), half = 6;
    context.save();
    context.translate(x, y);
    context.rotate(Math.atan2(-up, right));
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(half, 0);
    context.lineTo(-half, -half);
    context.lineTo(-half, half);
    context.closePath();
    context.lineWidth = 4;
    context.strokeStyle = sheet.paper;
    context.stroke();
    context.fillStyle = sheet.ink;
    context.fill();
    context.restore();
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
    this.#moveTo([event.clientX - box.left - box.width / 2, box.top + box.height / 2 - event.clientY].map(pixels => pixels / this.scale));
  }

  #moveTo(position) {
    const state = this.drawing.state(position);
    if (state) this.latent.moved(state, this.cloud.nearest(position, pickRadius / this.scale));
  }
}
