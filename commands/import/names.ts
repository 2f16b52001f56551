/** What things are called in notes and in the comparison. */

export const jobNamed = (name: unknown) => `job ${JSON.stringify(String(name))}`;
export const groupNamed = (name: unknown) => `group ${JSON.stringify(String(name))}`;
