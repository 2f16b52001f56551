import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Comment {
    readonly id: number;
    readonly user: { readonly type: "Bot" | "User" };
    body: string;
}

export interface Issue {
    readonly number: number;
    readonly title: string;
    readonly labels: readonly { readonly name: string }[];
    body: string;
    state: "open" | "closed";
    readonly comments: Comment[];
    /** GitHub lists pull requests among the issues. */
    readonly pull_request?: object;
}

interface Answer {
    readonly status: number;
    readonly body: unknown;
}

const longest = 65_536;

/**
 * A stand-in for the part of GitHub's REST API that the workflows use: comments and issues of one repository. It keeps to the
 * documented contract and refuses everything else, so that a request that GitHub would not take fails here too.
 * Sources: https://docs.github.com/en/rest/issues/comments, https://docs.github.com/en/rest/issues/issues
 */
export class GithubDouble {
    public readonly repository = "example/metrics";
    public readonly token = "ghs_double";
    public readonly issues: Issue[] = [];
    /** "POST issues/7/comments" of every request that was answered, in order. */
    public readonly requests: string[] = [];
    /** Answers every request with this, as GitHub does where it has a fault of its own. */
    public failure: Answer | undefined;

    /** For GITHUB_API_URL. */
    public url = "";

    private readonly server = createServer((request, response) => {
        void this.answer(request).then(({ status, body }) => {
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
    });

    public async start(): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    public stop(): void {
        this.server.close();
        this.server.closeAllConnections();
    }

    public addIssue(issue: Partial<Issue> = {}): Issue {
        const number = this.issues.length + 1;
        const added: Issue = { number, title: "", labels: [], body: "", state: "open", comments: [], ...issue };
        this.issues.push(added);
        return added;
    }

    public addComment(issue: Issue, body: string, type: "Bot" | "User" = "User"): Comment {
        const id = 1000 + this.issues.reduce((count, { comments }) => count + comments.length, 0);
        const comment: Comment = { id, user: { type }, body };
        issue.comments.push(comment);
        return comment;
    }

    private async answer(request: IncomingMessage): Promise<Answer> {
        const body = await text(request);
        const url = new URL(request.url ?? "", this.url);
        const prefix = `/repos/${this.repository}/`;
        const resource = url.pathname.slice(prefix.length);
        try {
            if (this.failure) {
                return this.failure;
            }
            assert.ok(url.pathname.startsWith(prefix), "Not Found");
            const answer = this.route(request, resource, url.searchParams, body);
            this.requests.push(`${request.method} ${resource}`);
            return answer;
        } catch (error) {
            return { status: 422, body: { message: `Validation Failed: ${(error as Error).message}` } };
        }
    }

    private route(
        { method, headers }: IncomingMessage,
        resource: string,
        query: URLSearchParams,
        body: string,
    ): Answer {
        if (headers.authorization !== `Bearer ${this.token}`) {
            return { status: 401, body: { message: "Bad credentials" } };
        }
        assert.equal(headers.accept, "application/vnd.github+json");
        assert.equal(headers["x-github-api-version"], "2022-11-28");
        assert.ok(headers["user-agent"], "GitHub refuses a request without a user agent");
        const [, number, list, id] = /^issues(?:\/(\d+)(\/comments)?|\/comments\/(\d+))?$/.exec(resource) ?? ["", "0"];
        const issue = number === undefined ? undefined : this.issues[Number(number) - 1];
        const comment = this.issues.flatMap(({ comments }) => comments).find((each) => each.id === Number(id));
        if ((number !== undefined && !issue) || (id !== undefined && !comment)) {
            return { status: 404, body: { message: "Not Found" } };
        }
        switch (`${method} ${resource.replace(/\d+/, "N")}`) {
            case "GET issues":
                return page(this.open(query), query, ["state", "labels"]);
            case "GET issues/N/comments":
                return page(issue?.comments ?? [], query);
            case "POST issues": {
                const { title, body: said, labels = [] } = fields(body, headers, ["title", "body", "labels"]);
                assert.equal(typeof title, "string");
                const names = (labels as string[]).map((name) => ({ name }));
                return {
                    status: 201,
                    body: this.addIssue({ title: String(title), body: String(said), labels: names }),
                };
            }
            case "POST issues/N/comments": {
                const { body: said } = fields(body, headers, ["body"]);
                return { status: 201, body: issue && this.addComment(issue, String(said), "Bot") };
            }
            case "PATCH issues/N": {
                const { state_reason: reason, ...changes } = fields(body, headers, ["body", "state", "state_reason"]);
                assert.ok([undefined, "completed", "not_planned", "reopened"].includes(reason as string));
                assert.ok([undefined, "open", "closed"].includes(changes.state as string));
                return { status: 200, body: Object.assign(issue ?? {}, changes) };
            }
            case "PATCH issues/comments/N":
                return { status: 200, body: Object.assign(comment ?? {}, fields(body, headers, ["body"])) };
            default:
                assert.ok(list === undefined);
                return { status: 404, body: { message: "Not Found" } };
        }
    }

    private open(query: URLSearchParams): Issue[] {
        const labels = query.get("labels")?.split(",") ?? [];
        assert.equal(query.get("state"), "open");
        return this.issues.filter(
            (issue) =>
                issue.state === "open" && labels.every((label) => issue.labels.some(({ name }) => name === label)),
        );
    }
}

/** One page of a list, at most 100 items; 30 where nobody asks for more. */
function page(items: readonly unknown[], query: URLSearchParams, others: readonly string[] = []): Answer {
    for (const key of query.keys()) {
        assert.ok(["per_page", "page", ...others].includes(key), key);
    }
    const size = Math.min(100, Number(query.get("per_page") ?? 30));
    const number = Number(query.get("page") ?? 1);
    return { status: 200, body: items.slice((number - 1) * size, number * size) };
}

/** The fields of a JSON body. @throws for a field that GitHub does not know, or that is too long for it */
function fields(body: string, headers: IncomingMessage["headers"], known: readonly string[]): Record<string, unknown> {
    assert.equal(headers["content-type"], "application/json");
    const found = JSON.parse(body) as Record<string, unknown>;
    for (const key of Object.keys(found)) {
        assert.ok(known.includes(key), `${key} is no field of this request`);
    }
    if ("body" in found) {
        assert.equal(typeof found.body, "string");
        assert.ok(String(found.body).length <= longest, `Body is too long (maximum is ${longest} characters)`);
    }
    return found;
}
