import { element } from "dom";
import { Picture } from "picture";

/**
 * What the decoder makes of the point below the pointer, and the image nearest to it beside its
 * reconstruction.
 */
export class Inspector {
  constructor(format, images, decode) {
    Object.assign(this, { images, decode });
    this.decoded = new Picture(format, "The point decoded");
    this.original = new Picture(format, "The image at the pointer");
    this.reconstruction = new Picture(format, "Its reconstruction");
    this.where = element("p", { className: "where" });
    this.what = element("figcaption");
    this.element = element("aside", { className: "inspector" },
      element("div", {}, element("h3", { textContent: "Decoded here" }), this.decoded.canvas, this.where),
      element("div", {}, element("h3", { textContent: "Image here, and its reconstruction" }),
        element("figure", { className: "pair" }, this.original.canvas, this.reconstruction.canvas, this.what)));
  }

  /** @param {string} where the point in words */
  showPoint(pixels, where) {
    this.decoded.showValues(pixels);
    this.where.textContent = where;
  }

  /** Shows an image by its index, or that there is none. */
  showImage(index) {
    if (index === null) {
      this.original.clear();
      this.reconstruction.clear();
      this.what.textContent = "none here";
      return;
    }
    const { shades, size, points, width, labels } = this.images;
    this.original.showShades(shades.subarray(index * size, (index + 1) * size));
    this.reconstruction.showValues(this.decode(points.subarray(index * width, (index + 1) * width)));
    this.what.textContent = `image ${index}${labels.length > 0 ? `, labelled ${labels[index]}` : ""}`;
  }
}
