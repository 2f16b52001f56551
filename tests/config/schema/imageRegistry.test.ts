import assert from "node:assert/strict";
import { pulledFrom } from "../../../config/schema/imageRegistry";
import { images } from "../../../config/images";
import { mistakes, parse } from "../../declaration";

const registry = "registry.example.com:5000/mirror";
const digest = `sha256:${"0a".repeat(32)}`;

describe("imageRegistry", () => {
    it("holds every image of the stack, the defaults and declared ones", () => {
        const config = parse({
            imageRegistry: registry,
            prometheus: { image: "prom/prometheus:v3.5.0" },
            alertmanager: { enabled: true, receivers: [{ name: "team", pagerduty: { routingKey: "x" } }] },
        });
        assert.deepEqual(
            [config.prometheus, config.nodeExporter, config.alertmanager, config.grafana].map((part) => part?.image),
            ["prom/prometheus:v3.5.0", images.nodeExporter, images.alertmanager, images.grafana].map(
                (image) => `${registry}/${image}`,
            ),
        );
    });

    it("leaves an image alone that names a registry, Docker Hub among them", () => {
        for (const host of ["quay.io", "localhost", "localhost:5000", "mirror:5000", "docker.io"]) {
            const image = `${host}/prom/prometheus:v3.13.5`;
            assert.equal(pulledFrom(registry, image), image);
        }
    });

    it("is no matter of a name without a folder, whose tag has the first colon and dot", () => {
        assert.equal(pulledFrom(registry, "prometheus:v3.13.5"), `${registry}/prometheus:v3.13.5`);
    });

    it("keeps digests", () => {
        for (const image of [`prom/prometheus@${digest}`, `prom/prometheus:v3.13.5@${digest}`]) {
            assert.equal(
                parse({ imageRegistry: registry, prometheus: { image } }).prometheus.image,
                `${registry}/${image}`,
            );
            assert.equal(parse({ prometheus: { image } }).prometheus.image, image);
        }
    });

    it("is a host as Docker sees it, with a port and a path", () => {
        for (const right of ["localhost", "mirror:5000", "127.0.0.1:5000", "registry.example.com/a/b-c"]) {
            assert.equal(parse({ imageRegistry: right }).imageRegistry, right);
        }
        for (const wrong of ["mirror", "https://a.example.com", "a.example.com/", "ops:hunter2@a.example.com", "A.b"]) {
            assert.deepEqual(mistakes({ imageRegistry: wrong }), [
                "metrics-stack:imageRegistry: is not an image registry; write its host, with port and path where it has " +
                    'them, such as "registry.example.com:5000/mirror"',
            ]);
        }
    });
});
