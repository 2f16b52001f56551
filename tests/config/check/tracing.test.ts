import assert from "node:assert/strict";
import { certificate, privateKey, strangeKey } from "../../certificates";
import { mistakes, parse } from "../../declaration";

const endpoint = "collector:4317";

describe("Where traces are sent is refused", () => {
    const cases: [what: string, raw: object, expected: RegExp][] = [
        ["without a collector", {}, /tracing\.endpoint: is missing/],
        [
            "without a port",
            { endpoint: "collector" },
            /"collector" has no port; write host:port, such as "collector:4317"/,
        ],
        ["as a URL", { endpoint: "http://collector:4318" }, /endpoint: "http:\/\/collector:4318" is not host:port/],
        [
            "where it is the container itself",
            { endpoint: "localhost:4317" },
            /"localhost:4317" is Prometheus' own container to itself; write "host\.docker\.internal:4317"/,
        ],
        ["with another protocol", { endpoint, clientType: "zipkin" }, /clientType: "zipkin" .*write one of grpc, http/],
        [
            "with a share in percent",
            { endpoint, samplingFraction: 10 },
            /samplingFraction: 10 is not a share; write a number/,
        ],
        [
            "with TLS that is not spoken",
            { endpoint, insecure: true, tlsConfig: {} },
            /tlsConfig: has no effect with insecure/,
        ],
        [
            "with a certificate alone",
            { endpoint, tlsConfig: { cert: certificate } },
            /tracing\.tlsConfig\.key: is missing; write cert and key together/,
        ],
        [
            "with the key of another certificate",
            { endpoint, tlsConfig: { cert: certificate, key: strangeKey } },
            /tracing\.tlsConfig\.key: is not the private key of the certificate in cert/,
        ],
        [
            "with a login",
            { endpoint, headers: { Authorization: "Bearer x" } },
            /headers\.Authorization: is a header that Prometheus sets itself; leave it out\. Prometheus sends no login/,
        ],
        ["compressed in another way", { endpoint, compression: "snappy" }, /compression: "snappy" is not/],
    ];
    for (const [what, tracing, expected] of cases) {
        it(what, () => assert.match(mistakes({ tracing }).join("\n"), expected));
    }

    it("with a key that stands in plain text", () =>
        assert.match(
            mistakes({ tracing: { endpoint, tlsConfig: { cert: certificate, key: privateKey } } }, []).join("\n"),
            /tracing\.tlsConfig\.key: is in plain text; remove it and store it encrypted/,
        ));

    it("and not where it is a service of the Docker host", () =>
        assert.equal(parse({ tracing: { endpoint: "host.docker.internal:4317" } }).tracing?.endpoint.length, 25));
});

describe("A setting of the Go runtime", () => {
    it("is a number above 0", () =>
        assert.match(mistakes({ runtime: { gogc: 0 } }).join("\n"), /runtime\.gogc: 0 is not above zero/));
});
