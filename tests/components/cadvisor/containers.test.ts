import assert from "node:assert/strict";
import { mistakes, plan } from "../../declaration";

describe("What is declared of cAdvisor", () => {
    it("is a job of the host's containers, under the host's name", () => {
        const { published, config } = plan({ cadvisor: { enabled: true, container: { restarts: 5 } } });
        const job = published.jobs.at(-1) ?? assert.fail();
        assert.deepEqual(
            [job.jobName, job.staticConfigs, job.trackTimestampsStaleness],
            [
                "cadvisor",
                [{ targets: ["metrics-stack-test-cadvisor:8080"], labels: { instance: config.hostName } }],
                true,
            ],
        );
        assert.deepEqual(job.container, { memoryUsed: 0.9, throttled: 0.25, restarts: 5 });
    });

    it("names the host as it is told to", () => {
        const { published } = plan({ cadvisor: { enabled: true, instance: "web-1" } });
        assert.equal(published.jobs.at(-1)?.staticConfigs[0]?.labels.instance, "web-1");
    });

    it("is scraped as often as the stack says, and not more often than it looks, unless it says so itself", () => {
        const interval = (declared: Record<string, unknown>) => plan(declared).published.jobs.at(-1)?.scrapeInterval;
        const enabled = true;
        assert.equal(interval({ scrapeInterval: "1m", cadvisor: { enabled } }), 60_000);
        assert.equal(interval({ scrapeInterval: "5s", cadvisor: { enabled } }), 15_000);
        const cadvisor = { enabled, scrapeJob: { scrapeInterval: "5s" } };
        assert.equal(interval({ scrapeInterval: "1m", cadvisor }), 5000);
    });

    it("is off where nothing is said", () => {
        const { parts, wanted } = plan({});
        assert.ok(!parts.some(({ part }) => part.key === "cadvisor"));
        assert.ok(!wanted.listeners.some(({ owner }) => owner === "cadvisor"));
    });

    const refused: readonly (readonly [why: string, cadvisor: object, words: RegExp])[] = [
        [
            "a socket by a URL",
            { dockerSocket: "unix:///var/run/docker.sock" },
            /cadvisor\.dockerSocket: "unix:\/\/\/var\/run\/docker\.sock" is not an absolute path; write one, such as/,
        ],
        [
            "the host's name as a label",
            { scrapeJob: { labels: { instance: "web-1" } } },
            /cadvisor\.scrapeJob\.labels\.instance: stands in the wrong place; write it as instance of cadvisor/,
        ],
        [
            "a label that hides the containers' names",
            { scrapeJob: { labels: { name: "web-1" } } },
            /cadvisor\.scrapeJob\.labels\.name: "web-1" hides the label name of the samples/,
        ],
        ["no share", { container: { memoryUsed: 90 } }, /cadvisor\.container\.memoryUsed: 90 is not a share/],
        ["no count", { container: { restarts: 0 } }, /cadvisor\.container\.restarts: 0 is not above zero/],
        [
            "a misspelled key",
            { container: { restart: 3 } },
            /container\.restart: is not a known key; did you mean restarts\?/,
        ],
    ];
    for (const [why, cadvisor, words] of refused) {
        it(`refuses ${why}`, () =>
            assert.match(mistakes({ cadvisor: { enabled: true, ...cadvisor } }).join("\n"), words));
    }
});
