// What the kinds of charts look like: how places in them follow from numbers between 0 and 1, and the other
// way round. See ChartKind and ChartSeries.cs.
//
//   sheets               the number of parts of the chart that have such numbers of their own
//   coordinates(shares, sheet)
//   shares(coordinates)  { shares, sheet }, or null outside of the chart

const turn = 2 * Math.PI;
const slack = 1e-5;
const fraction = value => value - Math.floor(value);
const isInside = share => share > -slack && share < 1 + slack;
const clamp = share => Math.min(1, Math.max(0, share));

/** A place beyond an edge that is another edge: once round a twisted axis turns the other one over. */
function wrapped(axes, shares) {
  const twists = axes.reduce((sum, { twisted }, i) => sum + (twisted ? Math.floor(shares[i]) : 0), 0);
  return shares.map((share, i) => {
    const own = axes[i].twisted || axes[i].periodic ? fraction(share) : share;
    return twists % 2 !== 0 && !axes[i].twisted ? 1 - own : own;
  });
}

function box(axes) {
  return {
    sheets: 1,
    coordinates: shares => shares.map((share, i) => axes[i].low + share * (axes[i].high - axes[i].low)),
    shares(coordinates) {
      const shares = coordinates.map((value, i) => (value - axes[i].low) / (axes[i].high - axes[i].low));
      const own = shares.every(isInside) ? shares.map(clamp) : wrapped(axes, shares);
      return own.every(isInside) ? { shares: own.map(clamp), sheet: 0 } : null;
    },
  };
}

/** By the angle from -π to π. */
function circle([across, up]) {
  return {
    sheets: 1,
    coordinates: ([share]) => [across.high * Math.cos(turn * (share - 0.5)), up.high * Math.sin(turn * (share - 0.5))],
    shares: ([x, y]) => ({ shares: [0.5 + Math.atan2(y / up.high, x / across.high) / turn], sheet: 0 }),
  };
}

/** By the distance from the centre, and the angle. */
function disc([across, up]) {
  return {
    sheets: 1,
    coordinates: ([radius, angle]) => [across.high * radius * Math.cos(turn * angle), up.high * radius * Math.sin(turn * angle)],
    shares([x, y]) {
      const [a, b] = [x / across.high, y / up.high], radius = Math.hypot(a, b);
      return radius < 1 + slack ? { shares: [clamp(radius), fraction(Math.atan2(b, a) / turn)], sheet: 0 } : null;
    },
  };
}

/** Two discs side by side. */
function hemispheres([across, up]) {
  const radius = across.high / 2, half = disc([{ high: radius }, up]);
  return {
    ...half,
    sheets: 2,
    coordinates(shares, sheet) {
      const [x, y] = half.coordinates(shares);
      return [x + (sheet === 0 ? -radius : radius), y];
    },
    shares([x, y]) {
      const sheet = x < 0 ? 0 : 1, found = half.shares([x + (sheet === 0 ? radius : -radius), y]);
      return found && { ...found, sheet };
    },
  };
}

/** By the distance from the centre, the angle from the third axis, and that about it. */
function ball(axes) {
  return {
    sheets: 1,
    coordinates([radius, polar, about]) {
      const across = radius * Math.sin(Math.PI * polar);
      return [across * Math.cos(turn * about), across * Math.sin(turn * about), radius * Math.cos(Math.PI * polar)]
        .map((value, i) => value * axes[i].high);
    },
    shares(coordinates) {
      const [x, y, z] = coordinates.map((value, i) => value / axes[i].high), radius = Math.hypot(x, y, z);
      if (radius > 1 + slack) return null;
      return { shares: [clamp(radius), Math.atan2(Math.hypot(x, y), z) / Math.PI, fraction(Math.atan2(y, x) / turn)], sheet: 0 };
    },
  };
}

export const kinds = { box, circle, disc, hemispheres, ball };
