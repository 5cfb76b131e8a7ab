import { Mlp } from "mlp";

/**
 * The decoder of the model: from a point of the latent space to the mean image there, as
 * DiffusionAutoencoder.Decode.
 */
export class Decoder {
  /**
   * @param {object} model as PageDecoder.cs writes it: widths, mean ("identity", "sigmoid" or "exp"),
   *   averagesAntipodes, and the manifolds of the latent space: {width, antipodal, features}, features being
   *   the number of quadratic forms, or 0 where the decoder sees the coordinates themselves
   * @param {object} arrays weights in half precision, and forms0, forms1, ...: the matrices of the forms of
   *   each manifold
   */
  constructor({ widths, mean, averagesAntipodes, manifolds }, arrays) {
    Object.assign(this, { averagesAntipodes, manifolds, size: widths.at(-1) });
    this.network = new Mlp(arrays.weights, widths);
    this.mean = { identity: value => value, sigmoid: logit => 1 / (1 + Math.exp(-logit)), exp: Math.exp }[mean];
    this.features = manifolds.map(({ features }, i) =>
      (features > 0 ? point => quadratic(arrays[`forms${i}`], features, point) : point => point));
  }

  /** @returns {Float32Array} pixels, row by row, channel by channel */
  decode(point) {
    return this.#output(point).map(this.mean);
  }

  #output(point) {
    if (!this.averagesAntipodes) return this.network.forward(this.#parts(point).flatMap((part, i) => this.features[i](part)));
    const outputs = this.#representatives(point).map(representative => this.network.forward(representative));
    return outputs[0].map((_, pixel) => outputs.reduce((sum, output) => sum + output[pixel], 0) / outputs.length);
  }

  /** All the coordinates that stand for the same point: those of the manifolds in every combination. */
  #representatives(point) {
    return this.#parts(point).reduce((heads, part, i) => {
      const tails = this.manifolds[i].antipodal ? [part, part.map(value => -value)] : [part];
      return heads.flatMap(head => tails.map(tail => [...head, ...tail]));
    }, [[]]);
  }

  #parts(point) {
    let at = 0;
    return this.manifolds.map(({ width }) => Array.from(point.slice(at, (at += width))));
  }
}

/** The values of quadratic forms, pᵀ A p for each matrix A. */
function quadratic(matrices, count, point) {
  const n = point.length;
  return Array.from({ length: count }, (_, form) => {
    let sum = 0;
    for (let i = 0, at = form * n * n; i < n; i++) for (let j = 0; j < n; j++, at++) sum += matrices[at] * point[i] * point[j];
    return sum;
  });
}

/**
 * In place of a decoder that cannot run in a page: images decoded beforehand, of which that of the nearest
 * point is shown.
 */
export class DecodedPoints {
  /**
   * @param {{height: number, width: number, channels: number, black: number, white: number}} format of
   *   the images
   * @param {object} arrays decodedPoints, and decodedShades, from 0 for black to 255 for white
   * @param {number} width the number of coordinates of a point
   */
  constructor({ height, width: columns, channels, black, white }, { decodedPoints, decodedShades }, width) {
    Object.assign(this, { points: decodedPoints, shades: decodedShades, width, size: height * columns * channels });
    this.value = shade => black + (shade / 255) * (white - black);
  }

  /** @returns {Float32Array} pixels, row by row, channel by channel */
  decode(point) {
    let least = Infinity, best = 0;
    for (let at = 0; at < this.points.length; at += this.width) {
      let square = 0;
      for (let i = 0; i < this.width; i++) square += (this.points[at + i] - point[i]) ** 2;
      if (square < least) [least, best] = [square, at / this.width];
    }
    return Float32Array.from(this.shades.subarray(best * this.size, (best + 1) * this.size), this.value);
  }
}
