import { camelCase } from "../../config/schema/problems";
import { mistakes } from "../declaration";
import type { Keys } from "./goStructs";

/** The keys that may be declared have no file names, but the contents. @returns those that nobody knows here */
export function unknownKeys(
    program: string,
    keys: Keys, declare: (value: object) => Record<string, unknown>, place: string): string[] {
    const written = Object.fromEntries(Object.keys(keys).map((key) => [camelCase(key), null]));
    const said = mistakes(declare(written));
    const here = Object.keys(keys).filter((key) =>
        said.some((line) => new RegExp(`^metrics-stack:\\S*\\b${camelCase(key)}: is not a known key`).test(line)),
    );
    const inside = Object.entries(keys).flatMap(([key, below]) => {
        const isList = /configs$|^alertmanagers$|^filters$|^selectors$|^(responders|images|links|actions|attachments|routes|times)$/.test(key);
        const isLeftOut = said.some((line) => line.includes(`${camelCase(key)}: is a key of ${program} that`));
        return below === null || isLeftOut
            ? []
            : unknownKeys(
                  program,
                  below,
                  (value) =>
                      declare({ [camelCase(key)]: key === "http_headers" ? { a: value } : isList ? [value] : value }),
                  `${place}.${key}`,
              );
    });
    return [...here.map((key) => `${place}.${key}`), ...inside];
}

