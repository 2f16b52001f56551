/** The colours of lines, in their order; each is one of the style's, so that it fits light and dark. */
const lines = 10;
export const lineColor = (i: number) => `line-${(i % lines) + 1}`;
