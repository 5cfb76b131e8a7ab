/** A number to read, with a minus sign. */
export function fixed(value, digits) {
  const size = Math.abs(value).toFixed(digits);
  return value < 0 && Number(size) > 0 ? `−${size}` : size;
}

/** A number in [0, 1), evenly spread over the images. */
export const spread = index => (index === undefined ? 0.5 : (index * 0.6180339887498949) % 1);

export const degrees = angle => `${fixed((angle * 180) / Math.PI, 0)}°`;
export const numbers = values => `(${values.map(value => fixed(value, 2)).join(", ")})`;

export const range = count => Array.from({ length: count }, (_, i) => i);
