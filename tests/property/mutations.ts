import fc from "fast-check";
import type { Declaration } from "./declarations";
import { declaration } from "./declarations";
import { hostile, secretMark } from "./texts";

/** Declarations with mistakes: a right one, changed in one to three places as people and tools change such files. */

type Step = string | number;
type Tree = { [step: Step]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

/** Every place of a declaration. */
function placesOf(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
    const children = Array.isArray(value)
        ? value.map((item, i) => [i, item] as const)
        : isTree(value)
          ? Object.entries(value)
          : [];
    return children.flatMap(([step, child]) => [[...path, step], ...placesOf(child, [...path, step])]);
}

const texts = [
    ...hostile,
    ...["", "0", "15", "0s", "1.5m", "-5s", "293y", "999999999999999999999y", "0B", "8EB", "1e999MB", "10kB", "lots"],
    ...[
        "web",
        "web:0",
        "web:99999",
        "http://u:p@h:1/x",
        "::1:80",
        "[::g]:1",
        "10.0.0.300:1",
        "/x?y=1",
        "x".repeat(20_000),
    ],
    ...[
        "(?=a)",
        "(?<!a)",
        "(a)\\1",
        "(",
        "[",
        "a**",
        "\\",
        "$1-x",
        "job",
        "__address__",
        "latest",
        "a/b:latest",
        "127.0.0.0/8",
    ],
    ...["basic", "TLS14", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "fastapi"],
];

/** Values of every type that JSON has. */
const anyValue = fc.oneof(
    fc.constantFrom<unknown>(...texts),
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 65_536, 2 ** 53, 1e308, -0, 5e-324),
    fc.constantFrom<unknown>([], {}, [[]], [null], { a: {} }, [{}], JSON.parse('{"__proto__": {"polluted": "x"}}')),
    fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
);

/** Names that a key may get by mistake: JavaScript's own, misspelled ones, and keys that belong elsewhere. */
const anyName = fc.constantFrom(
    ...[
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "length",
        "",
        "a b",
        "a.b",
        "a\nb",
        "my-label",
        "__name__",
    ],
    ...[
        "targets",
        "labels",
        "job",
        "instance",
        "password",
        "scrapeJob",
        "scrape_interval",
        "action",
        "enabled",
        "host",
    ],
);

type Change = (parent: Tree, step: Step, value: unknown) => void;

/** An own property of any name; an assignment to "__proto__" would do something else. */
function set(tree: Tree, step: Step, value: unknown): void {
    Object.defineProperty(tree, step, { value, enumerable: true, configurable: true, writable: true });
}

const remove: Change = (parent, step) =>
    void (Array.isArray(parent) ? parent.splice(Number(step), 1) : delete parent[step]);

const change: fc.Arbitrary<Change> = fc.oneof(
    fc.constant(remove),
    anyValue.map(
        (value): Change =>
            (parent, step) =>
                set(parent, step, value),
    ),
    anyName.map((name): Change => (parent, step, value) => {
        if (!Array.isArray(parent)) {
            remove(parent, step, value);
            set(parent, name, value);
        }
    }),
    // A misspelled key.
    fc.nat().map((at): Change => (parent, step, value) => {
        if (typeof step === "string") {
            remove(parent, step, value);
            // Whole characters: half of one cannot be handed over.
            const letters = [...step];
            letters.splice(at % (letters.length + 1), 1);
            set(parent, letters.join(""), value);
        }
    }),
    // A value in a list, a value out of its object, a value twice in a list, a number as text and the other way round.
    fc.constant<Change>((parent, step, value) => set(parent, step, [value])),
    fc.nat().map((at): Change => (parent, step, value) => {
        const children = isTree(value) ? Object.values(value) : [];
        set(parent, step, children.length > 0 ? children[at % children.length] : value);
    }),
    fc.constant<Change>((parent, step, value) => void (Array.isArray(parent) && parent.splice(Number(step), 0, value))),
    fc.constant<Change>((parent, step, value) =>
        set(parent, step, typeof value === "string" ? Number(value) : JSON.stringify(value)),
    ),
    // A neighbour's value; a secret only where its own object has it beside.
    fc.nat().map((at): Change => (parent, step) => {
        const values = Object.values(parent);
        const value = values[at % Math.max(1, values.length)];
        const secretsWelcome = ["username", "type", "ca"].some((key) => Object.hasOwn(parent, key));
        set(parent, step, secretsWelcome || !JSON.stringify(value ?? "").includes(secretMark) ? value : "");
    }),
);

/** What Pulumi hands over is JSON: without undefined, NaN and shared parts. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Tree;

export const mistaken: fc.Arbitrary<Declaration> = fc
    .tuple(declaration, fc.array(fc.tuple(change, fc.nat()), { minLength: 1, maxLength: 3 }))
    .map(([right, changes]) => {
        const tree = changes.reduce((before, [apply, choice]) => {
            const places = placesOf(before);
            const place = places[choice % Math.max(1, places.length)];
            const step = place?.at(-1);
            if (place !== undefined && step !== undefined) {
                const parent = place.slice(0, -1).reduce<unknown>((node, each) => (node as Tree)[each], before) as Tree;
                apply(parent, step, parent[step]);
            }
            return plain(before);
        }, plain(right));
        return tree as unknown as Declaration;
    });
