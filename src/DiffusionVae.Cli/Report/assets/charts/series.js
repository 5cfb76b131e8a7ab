/**
 * The weights by which values at Chebyshev's points of [0, 1], both ends among them, give the value between
 * them.
 */
function chebyshev(count, share) {
  const weights = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const distance = share - (1 - Math.cos((Math.PI * i) / (count - 1))) / 2;
    if (Math.abs(distance) < 1e-12) return weights.fill(0).fill(1, i, i + 1);
    weights[i] = ((i % 2 ? -1 : 1) * (i === 0 || i === count - 1 ? 0.5 : 1)) / distance;
    sum += weights[i];
  }
  return weights.map(weight => weight / sum);
}

/** The same for an even number of even steps of a period, by trigonometric polynomials. */
function trigonometric(count, share) {
  return Float64Array.from({ length: count }, (_, i) => {
    const half = Math.PI * (share - i / count), tangent = Math.tan(half);
    return Math.abs(tangent) < 1e-12 ? 1 : Math.sin(count * half) / (count * tangent);
  });
}

/** Only the nearest node counts: for functions that are not smooth. */
function nearest(weights) {
  const largest = weights.reduce((best, weight, i) => (weight > weights[best] ? i : best), 0);
  return weights.fill(0).fill(1, largest, largest + 1);
}

/**
 * A function of one to three numbers between 0 and 1, known at a grid of nodes: the interpolation of
 * ChartSeries.cs. For functions without kinks, a few nodes give it to single precision.
 */
export class Series {
  /**
   * @param {{nodes: number, periodic: boolean}[]} directions
   * @param {Float32Array} values node by node, the last direction running fastest
   * @param {boolean} isSmooth false where only the nodes themselves are to be trusted
   */
  constructor(directions, values, isSmooth) {
    const count = directions.reduce((product, { nodes }) => product * nodes, 1);
    Object.assign(this, { directions, values, isSmooth, columns: values.length / count });
  }

  /** @returns {number[]} the values at a place */
  at(shares) {
    let values = this.values;
    this.directions.forEach(({ nodes, periodic }, i) => {
      const smooth = (periodic ? trigonometric : chebyshev)(nodes, shares[i]);
      values = contract(values, this.isSmooth ? smooth : nearest(smooth));
    });
    return Array.from(values);
  }
}

/** The weighted sum of the equal parts of an array, one after another. */
function contract(values, weights) {
  const size = values.length / weights.length, sum = new Float64Array(size);
  weights.forEach((weight, i) => {
    if (weight === 0) return;
    for (let j = 0, at = i * size; j < size; j++, at++) sum[j] += weight * values[at];
  });
  return sum;
}
