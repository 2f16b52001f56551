import type { Variable } from "../../../config/render/dashboards/dashboard";

/** What is looked at: it stands in the page's address, in the words that Grafana has for it. */
export interface View {
    /** e.g. "now-1h", or milliseconds since 1970. */
    readonly from: string;
    readonly to: string;
    /** e.g. "30s"; "" is never. */
    readonly refresh: string;
    /** The chosen values of each variable. None: all of them. */
    readonly chosen: Readonly<Record<string, readonly string[]>>;
}

/** In seconds. */
export interface Range {
    readonly start: number;
    readonly end: number;
}

export const ranges = {
    "15m": "Last 15 minutes",
    "1h": "Last hour",
    "3h": "Last 3 hours",
    "6h": "Last 6 hours",
    "12h": "Last 12 hours",
    "24h": "Last 24 hours",
    "2d": "Last 2 days",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
};
export const refreshes = {
    "": "No refresh",
    "10s": "Every 10 s",
    "30s": "Every 30 s",
    "1m": "Every minute",
    "5m": "Every 5 minutes",
};

const usual = { from: "now-1h", to: "now", refresh: "30s" };

/** Reads an address: what it does not have, or has wrong, is as usual. */
export function readView(search: string, variables: readonly Variable[]): View {
    const found = new URLSearchParams(search);
    const [from, to] = [found.get("from") ?? usual.from, found.get("to") ?? usual.to];
    const refresh = found.get("refresh") ?? usual.refresh;
    const { start, end } = rangeOf({ from, to }, 0);
    return {
        ...(start < end ? { from, to } : { from: usual.from, to: usual.to }),
        refresh: refresh in refreshes ? refresh : usual.refresh,
        chosen: Object.fromEntries(
            variables.map(({ name }) => [name, found.getAll(`var-${name}`).filter((value) => value !== "$__all")]),
        ),
    };
}

/** The address' part behind the file; without what is as usual. */
export function search({ from, to, refresh, chosen }: View): string {
    const said = new URLSearchParams();
    if (from !== usual.from || to !== usual.to) {
        said.set("from", from);
        said.set("to", to);
    }
    if (refresh !== usual.refresh) {
        said.set("refresh", refresh);
    }
    for (const [name, values] of Object.entries(chosen)) {
        values.forEach((value) => said.append(`var-${name}`, value));
    }
    return said.size > 0 ? `?${said}` : "";
}

export function rangeOf({ from, to }: Pick<View, "from" | "to">, now: number): Range {
    return { start: moment(from, now), end: moment(to, now) };
}

/** @returns NaN of what is no time */
function moment(text: string, now: number): number {
    if (/^\d{1,15}$/.test(text)) {
        return Number(text) / 1000;
    }
    return text === "now" ? now : now - seconds(/^now-(\w+)$/.exec(text)?.[1] ?? "");
}

/** @param duration e.g. "15m" @returns NaN of what is none */
export function seconds(duration: string): number {
    const [, amount, unit = ""] = /^(\d{1,4})([smhd])$/.exec(duration) ?? [];
    return Number(amount) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? NaN);
}
