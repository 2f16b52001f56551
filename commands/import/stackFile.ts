import type { YAMLMap } from "yaml";
import { Document, isMap, isNode, isSeq, Pair, Scalar } from "yaml";
import { keyOf, mapOf } from "./source";

const editorsSchema = " yaml-language-server: $schema=stackFile.schema.json";

/** The text of a stack file. @param comment what stands above all of it */
export function stackFileText(declaration: YAMLMap, comment: string | undefined): string {
    const config = mapOf({});
    config.items = declaration.items.filter(isFilled).map((pair) => {
        firstWithoutSpace(pair.value);
        const key = new Scalar(`metrics-stack:${keyOf(pair)}`);
        Object.assign(key, { commentBefore: commentOf(pair), spaceBefore: false });
        return new Pair(key, pair.value);
    });
    const document = new Document(mapOf({ config }));
    document.commentBefore = [editorsSchema, ...(comment === undefined ? [] : [comment])].join("\n");
    // "yaml" writes a blank line behind it, where the editors' line has to be the first of the file.
    return document.toString({ lineWidth: 0, flowCollectionPadding: false }).replace(/^((?:#.*\n)+)\n/, "$1");
}

/** Settings of a part of which nothing is left to say. */
const isFilled = ({ value }: Pair) => !isMap(value) || value.items.length > 0;

/** What stood above it is not there any more. */
function firstWithoutSpace(node: unknown): void {
    const first: unknown = isMap(node) ? node.items[0]?.key : isSeq(node) ? node.items[0] : undefined;
    if (isNode(first)) {
        first.spaceBefore = false;
    }
}

const commentOf = ({ key }: Pair) => (key as { commentBefore?: string } | null)?.commentBefore;
