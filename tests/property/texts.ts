import fc from "fast-check";

/** Texts that readers of YAML, of templates or of JavaScript take for something else. */
export const hostile = [
    ...["on", "y", "No", "null", "~", "true", "12:30", "0o17", "1e3", "1_000", "-1", "NaN", "Infinity", "2001-01-01"],
    ...[
        "{{",
        "{{ $labels.job }}",
        "}}",
        "${HOME}",
        "$",
        "$$",
        "$1",
        "%",
        "*a",
        "&a",
        "!a",
        "@a",
        "`a`",
        "|",
        ">",
        "? a",
    ],
    ...[
        "a: b",
        "a #b",
        "# a",
        "- a",
        "---",
        "...",
        "[a",
        "{a",
        "<<",
        "=",
        '"',
        "'",
        "\\",
        "a\nb",
        "\n",
        "a\r\nb",
        "\t",
        "a ",
    ],
    ...[" a", " ", "\u0000", "\u007f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\ufffe", "\u{1f600}", "e\u0301", "été"],
    ...["__proto__", "constructor", "toString", "hasOwnProperty", "x".repeat(300)],
];

/** Any text that there is, and often one of those. */
export const anyText = fc.oneof(
    fc.constantFrom(...hostile),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
);

export const someText = anyText.filter((text) => text !== "");

const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const word = (first: readonly string[], rest: readonly string[], maxLength = 12) =>
    fc
        .tuple(fc.constantFrom(...first), fc.array(fc.constantFrom(...rest), { maxLength }))
        .map(([head, tail]) => head + tail.join(""));
const digits = [..."0123456789"];

/** Names of labels that are free to use; some mean something to YAML or to JavaScript. */
export const labelName = fc
    .oneof(
        fc.constantFrom(
            "on",
            "y",
            "n",
            "null",
            "true",
            "constructor",
            "toString",
            "valueOf",
            "le",
            "exported_job",
            "_",
        ),
        word([...letters, "_"], [...letters, ...digits, "_"]),
    )
    .filter((name) => !/^(job|instance|inf|nan|__.*)$/i.test(name));

/** Names of metrics; some are words of PromQL too, where that does no harm. */
export const metricName = fc
    .oneof(
        fc.constantFrom("sum", "by", "and", "offset", "start", "without"),
        word([...letters, "_", ":"], [...letters, ...digits, "_", ":"]),
    )
    .filter((name) => !/^(on|bool|inf|nan|atan2)$/i.test(name));

export const labels = fc.dictionary(labelName, someText, { maxKeys: 4 });

/** Labels of targets: those that Prometheus reads as a query too. */
export const targetLabels = fc.dictionary(
    fc.oneof(labelName, fc.constantFrom("__param_module", "__param_x")),
    someText,
    {
        maxKeys: 4,
    },
);

/** The names that this project's own jobs have. */
const taken = ["prometheus", "alertmanager", "node_exporter", "web_be", "grafana"];

export const jobName = fc
    .oneof(
        fc.constantFrom("on", "12", "__proto__", "constructor", "toString", "a.b", "a-b", "a".repeat(200)),
        anyText.filter((text) => text !== "" && !/[\p{Cc}\p{Surrogate}]/u.test(text)),
        word([...letters, ...digits, "_"], [...letters, ...digits, "_", ".", "-"]),
    )
    .filter((name) => !taken.includes(name));

const host = fc.oneof(
    fc.domain(),
    fc.ipV4().filter((address) => !/^(127\.|0\.0\.0\.0$)/.test(address)),
    // Without those that begin with zeros: loopback is one of them.
    fc
        .ipV6()
        .filter((address) => /^[1-9a-f]/i.test(address))
        .map((address) => `[${address}]`),
    fc.constantFrom(
        "web",
        "my_shop",
        "host.docker.internal",
        "localhost.example",
        "metrics-stack-dev-web-be",
        "db.example.",
    ),
);

export const target = fc.tuple(host, fc.integer({ min: 1, max: 65535 })).map(([name, port]) => `${name}:${port}`);

/** A secret, recognizable wherever it turns up. */
export const secretMark = "hunter2";
export const secret = fc
    .string({ unit: "grapheme" })
    .map((text) => `${secretMark}${text.replace(/\p{Cc}/gu, "").trim()}`);

/** A yes or no, as Pulumi hands it over. */
export const toggle = fc.constantFrom(true, false, "true", "false");
