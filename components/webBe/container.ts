/** The port that it listens on inside of its container. */
export const containerPort = 8000;
