import { matching } from "../../config/ownRules/matching";
import { ToolError } from "../../toolchain/process";
import type { Selection, StackName } from "../command";
import { inFolder } from "../validate/files";

/** A stack file's name, with that of its stack in it. */
const form = /^Pulumi\.(.+)\.yaml$/;

/** All stack files, sorted. */
export const stackFiles = ({ listFolder } = inFolder): string[] => listFolder(".").filter((file) => form.test(file));

/**
 * The stacks that are meant, by their stack files.
 * @throws ToolError where a name or a pattern stands for none
 */
export function selected({ patterns }: Selection, files = inFolder): StackName[] {
    const all = stackFiles(files);
    const listFolder = () => all;
    const names = patterns.flatMap((pattern) => {
        const [, owner = "", name = ""] = /^(.*\/)?([^/]*)$/.exec(pattern) ?? [];
        const found = matching(`Pulumi.${name}.yaml`, { listFolder }).filter((file) => all.includes(file));
        if (found.length === 0) {
            const names = all.map(nameOf).join(", ");
            throw new ToolError(
                `${pattern} is the name of no stack that has a stack file; write one of ${names}, or a pattern such as 'web-*'.`,
            );
        }
        return found.map((file) => ({ name: nameOf(file), fullName: owner + nameOf(file) }));
    });
    return names.filter(({ name }, i) => names.findIndex((each) => each.name === name) === i);
}

const nameOf = (file: string) => form.exec(file)?.[1] ?? "";
