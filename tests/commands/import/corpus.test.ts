import assert from "node:assert/strict";
import { table } from "../../../toolchain/table";
import type { CorpusKind, Found } from "./corpus";
import { corpus, filesOf, importedAlone, isThere, whyNot } from "./corpus";

/** What does not move, and why: each reason is one for every file of its kind. */
const refused: readonly (readonly [reason: string, form: RegExp, ids: readonly string[]])[] = [
    [
        "no current version loads it",
        /is no YAML that a program reads|No current version loads/,
        ["prometheus/27", "prometheus/40", "prometheus/112", "alertmanager/01", "alertmanager/28"],
    ],
    [
        "nobody filled it in",
        /was never filled in/,
        [
            ...["17", "59", "61"].map((id) => `prometheus/${id}`),
            ...["09", "11", "16", "19", "26", "30", "31", "32", "33", "38"].map((id) => `alertmanager/${id}`),
        ],
    ],
    [
        "it says whom it tells nowhere, or a server without a port",
        /is not an e-mail address|is no receiver|is not host:port/,
        ["05", "14", "39"].map((id) => `alertmanager/${id}`),
    ],
    [
        "it has a key that cannot be declared, and names files that are not there",
        /cannot be declared here yet|is not at hand/,
        ["121"].map((id) => `prometheus/${id}`),
    ],
];

type Outcome = "equal" | "different" | "refused";

describe("The import of what people have", function () {
    this.timeout(300_000);

    before(function () {
        if (!isThere) {
            console.log(`      Skipped: ${whyNot}`);
            this.skip();
        }
    });

    const counts = new Map<string, Record<Outcome, number>>();
    after(() => {
        const rows = [...counts].sort().map(([name, all]) => [name, ...Object.values(all).map(String)]);
        console.log(`\n${table([["", "equal", "different", "refused"], ...rows])}`);
    });

    function count({ kind, stratum }: Found, outcome: Outcome): void {
        for (const name of [`${kind} ${stratum}`, `${kind} all`]) {
            const all = counts.get(name) ?? { equal: 0, different: 0, refused: 0 };
            all[outcome]++;
            counts.set(name, all);
        }
    }

    for (const kind of ["prometheus", "rules", "alertmanager"] as const satisfies readonly CorpusKind[]) {
        it(`moves each file of ${corpus}/${kind} and explains each difference, or says why it does not`, () => {
            const strange = filesOf(kind).flatMap((found) => {
                const { lost, differences, unexplained } = importedAlone(found);
                const reason = refused.find(([, , ids]) => ids.includes(found.id));
                const isLost = lost.length > 0;
                const isOwn = (line: string) =>
                    /: (a stack watches this of its own accord$|every stack has it)/.test(line);
                count(found, isLost ? "refused" : differences.every(isOwn) ? "equal" : "different");
                const isExpected = reason === undefined ? !isLost : lost.some((line) => reason[1].test(line));
                return isExpected
                    ? unexplained.map((line) => `${found.id}: ${line}`)
                    : [`${found.id}: ${lost.join("\n    ") || "is not refused any more"}`];
            });
            assert.deepEqual(strange, []);
        });
    }
});
