/**
 * The colours of charts. They lie on white, in a dark page too: so do the figures, in whose colours the
 * images are.
 */
export const sheet = { paper: "#ffffff", ink: "#1c1c1e", text: "#6a6a70", line: "#c9c9cf", surface: "#f1f1f3", edge: "#c4c4cb" };
