import { listedTwice } from "../../config/check/network";
import type { Lenient } from "../../config/schema/lenient";
import type { Surroundings } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import { mountPath } from "./container";
import { readFiles } from "./files";
import type { ExporterSettings } from "./settings";

type Exporter = Lenient<ExporterSettings>;

/** The mistakes that only show when several keys of an exporter are seen together. */
export const checkExporter = (exporter: Exporter, { readFile }: Pick<Surroundings, "readFile">): Problem[] => [
    ...readFiles(exporter.files ?? {}, readFile).problems,
    ...namedTwice(exporter),
    ...readableSecrets(exporter),
    ...mounts(exporter),
    ...listedTwice(exporter.joinNetworks ?? [], ["joinNetworks"]),
    ...withoutProgram(exporter),
];

/** Both are files of one folder, and both become variables. */
function namedTwice({ environment = {}, secretEnvironment = {}, secretFiles = {} }: Exporter): Problem[] {
    const others = { environment, secretFiles };
    return Object.entries(others).flatMap(([other, names]) =>
        Object.keys(secretEnvironment)
            .filter((name) => Object.hasOwn(names, name))
            .map((name) => ({
                path: ["secretEnvironment", name],
                message: `stands in ${other} too; write it once`,
            })),
    );
}

const secretName = /(passw(or)?d|pass|secret|token|api_?key)$/i;
const login = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** `docker inspect` shows variables and arguments to everybody who may use Docker, and git what stands in the stack file. */
function readableSecrets({ environment = {}, command = [] }: Exporter): Problem[] {
    const message =
        "would stand readable in docker inspect; write it, encrypted, in secretFiles where the program can read a file, " +
        "else in secretEnvironment";
    return [
        ...Object.entries(environment)
            .filter(([name, value = ""]) => (value !== "" && secretName.test(name)) || login.test(value))
            .map(([name]) => ({ path: ["environment", name], message })),
        ...command.flatMap((word = "", i) => (login.test(word) ? [{ path: ["command", i], message }] : [])),
    ];
}

function mounts({ mounts: all = [], tmpfs = [] }: Exporter): Problem[] {
    const places = [
        ...all.map((mount, i) => ({ target: mount?.target, path: ["mounts", i, "target"] })),
        ...tmpfs.map((target, i) => ({ target, path: ["tmpfs", i] })),
    ];
    return places.flatMap(({ target, path }, i) => {
        const first = places.findIndex((each) => each.target === target);
        const message =
            target === mountPath || target?.startsWith(`${mountPath}/`)
                ? `${show(target)} is where the exporter's own files are; write another path`
                : `${show(target)} is in use already; write another path`;
        return target === undefined || (first === i && !target.startsWith(mountPath)) ? [] : [{ path, message }];
    });
}

/** A shell that runs in its place cannot know it. */
function withoutProgram({ program, secretEnvironment = {}, ...rest }: Exporter): Problem[] {
    const message =
        "is missing; write the image's ENTRYPOINT beside secretEnvironment: " +
        `docker image inspect --format '{{json .Config.Entrypoint}}' ${rest.image ?? "IMAGE"}`;
    return Object.keys(secretEnvironment).length > 0 && program === undefined && !("program" in rest)
        ? [{ path: ["program"], message }]
        : [];
}
