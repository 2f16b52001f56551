import { basename } from "node:path";
import type { Problem } from "../../config/schema/problems";
import { show, unreadableFile } from "../../config/schema/problems";
import type { Declared } from "./check";
import { goTemplateMistake } from "./goTemplate";

/** What is wrong with the files of `alertmanager.templates`. @param readFile gives a file's text. Throws where it cannot be read */
export function checkTemplates({ templates = [] }: Declared, readFile: (path: string) => string): Problem[] {
    const names = templates.map((file) => file && basename(file));
    return templates.flatMap((file, i) => {
        const first = names.indexOf(names[i]);
        const message =
            file === undefined
                ? undefined
                : first < i
                  ? `has the name of ${show(templates[first])}, and Alertmanager finds them in one folder; rename one of the two`
                  : mistakeIn(file, readFile);
        return message === undefined
            ? []
            : [{ path: ["alertmanager", "templates", i], message: `${show(file)} ${message}` }];
    });
}

function mistakeIn(file: string, readFile: (path: string) => string): string | undefined {
    let text: string;
    try {
        text = readFile(file);
    } catch (error) {
        return unreadableFile(error);
    }
    return goTemplateMistake(text);
}
