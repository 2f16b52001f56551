/** Files of a volume: relative path, e.g. "targets/web_be.yml", to content. */
export type Files = Readonly<Record<string, string>>;
