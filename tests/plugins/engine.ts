import type Docker from "dockerode";

/** Check and Diff ask no Docker engine. */
export const noEngine = (): Docker => {
    throw new Error("asked the Docker engine");
};
