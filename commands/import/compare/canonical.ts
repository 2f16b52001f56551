import { durationForm, parseDuration, parseSize, sizeForm } from "../../../config/schema/units";

/** What values come to, so that two ways to write the same are equal. */

/** What a configuration comes to: a value for each thing that it says, by a name for people, e.g. `job "shop": scheme`. */
export type Understood = ReadonlyMap<string, unknown>;

export type Values = Readonly<Record<string, unknown>>;

export const isValues = (value: unknown): value is Values =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** The list at a key; none where something else is there. */
export const listAt = (values: Values, key: string): readonly Values[] => {
    const list = values[key];
    return Array.isArray(list) ? list.filter(isValues) : [];
};

const secret = /^(password|credentials|client_secret|client_certificate_key|secret_key|auth_token|key|secrets)$/;

/** The files that are named for their own sake. */
const isLog = (key: string) => /_log_file$/.test(key);

/** Secrets are equal, wherever they are kept, and so are the other texts that a file may hold. */
function named(key: string, value: unknown): readonly [string, unknown] {
    const inside = isLog(key) ? key : key === "files" ? "secrets" : key.replace(/_file$/, "");
    if (secret.test(inside)) {
        return [inside, Array.isArray(value) ? value.map(() => "[secret]") : "[secret]"];
    }
    return inside === key ? [key, canonical(value)] : [inside, "[text]"];
}

/** What Go takes for nothing is not there. */
export function canonical(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(canonical);
    }
    if (isValues(value)) {
        const entries = Object.entries(value)
            .filter(([, each]) => each !== null && each !== undefined)
            .map(([key, each]) => named(key, each))
            .filter(([, each]) => !(Array.isArray(each) && each.length === 0));
        return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return scalar(value);
}

/** Texts, and what Go reads as such, times in milliseconds and sizes in bytes. */
function scalar(value: unknown): unknown {
    const text = String(value);
    if (typeof value === "string" && durationForm.test(text)) {
        return parseDuration(text);
    }
    const size = text.replace(/^(\d+[KMGTPE])iB$/, "$1B");
    return typeof value === "string" && sizeForm.test(size) ? parseSize(size) : text;
}

/** The words of YAML 1.1, which Go reads where a key is true or false: https://yaml.org/type/bool.html */
const toggled = (values: Values): Values =>
    Object.fromEntries(
        Object.entries(values).map(([key, value]) => {
            const word = String(value);
            return [key, /^(yes|on)$/i.test(word) ? true : /^(no|off)$/i.test(word) ? false : value];
        }),
    );

/** Without what is a default. */
export const withDefaults = (values: Values, defaults: Values): Values => {
    const whole = canonical({ ...defaults, ...toggled(values) }) as Values;
    return Object.fromEntries(
        Object.entries(whole).filter(([, each]) => each !== "false" && each !== "0" && each !== ""),
    );
};
