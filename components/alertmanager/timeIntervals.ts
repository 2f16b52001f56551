import { z } from "zod";
import { expected, expectedStructure } from "../../config/schema/problems";
import { listOf, object, text } from "../../config/schema/values";

/**
 * Times of the week and of the year, in which routes are silent or speak.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#time_interval
 */

const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const months = [
    ...["january", "february", "march", "april", "may", "june"],
    ...["july", "august", "september", "october", "november", "december"],
];

/** One, or a first and a last one with a colon: as Alertmanager writes it. */
const range = (value: RegExp, what: string, example: string, name = (word: string) => word) => {
    const notARange = expected(what, `one, such as "${example}"`);
    return z.union([z.string(), z.int()], { error: notARange }).transform((given, context) => {
        const ends = String(given).toLowerCase().split(":");
        if (ends.length > 2 || !ends.every((end) => value.test(end))) {
            context.addIssue({ code: "custom", message: notARange({ input: given }) });
        }
        return [...new Set(ends.map(name))].join(":");
    });
};

const oneOfThem = (words: readonly string[]) => new RegExp(`^(${words.join("|")})$`);

const time = (example: string) =>
    text(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time of the day", `one with two digits each, such as "${example}"`);

const list = <Item extends z.ZodType>(item: Item, example: string) =>
    listOf(item, `a list, such as ${example}`).optional();

const interval = object({
    times: list(
        object({
            startTime: time("09:00").describe("When it begins."),
            endTime: time("17:00").describe("When it ends."),
        }),
        '[{startTime: "09:00", endTime: "17:00"}]',
    ).describe("Times of the day."),
    weekdays: list(
        range(oneOfThem(days), "a day of the week, or two with a colon", "monday:friday"),
        '["monday:friday"]',
    ).describe("Days of the week, or first and last with a colon."),
    daysOfMonth: list(
        range(/^-?([1-9]|[12]\d|3[01])$/, "a day of the month, or two with a colon", "1:5"),
        '["1:5", "-1"]',
    ).describe("Days of the month; `-1` is the last."),
    months: list(
        range(
            new RegExp(`^([1-9]|1[0-2]|${months.join("|")})$`),
            "a month, or two with a colon",
            "may:august",
            (word) => (months.includes(word) ? String(months.indexOf(word) + 1) : word),
        ),
        '["may:august"]',
    ).describe("Months, by name or number."),
    years: list(range(/^[1-9]\d{3}$/, "a year, or two with a colon", "2026:2027"), '["2026"]').describe("Years."),
    location: text(/^[\w+/-]+$/, "a time zone", 'one, such as "Europe/Berlin"')
        .optional()
        .meta({ description: "The time zone.", derived: "UTC" }),
});

export const timeIntervalSchema = object({
    name: text(/\S/, "a name", 'one, such as "nights"').describe("What routes call it."),
    timeIntervals: z
        .array(interval, { error: expectedStructure("a list", 'a list, such as [{weekdays: ["saturday", "sunday"]}]') })
        .describe("When it is: at any of these."),
}).meta({ id: "timeInterval", title: "Time intervals" });
