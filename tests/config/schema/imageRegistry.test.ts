import assert from "node:assert/strict";
import { pulledFrom } from "../../../config/schema/imageRegistry";
import { images } from "../../images";
import { mistakes, parse, plan } from "../../declaration";

const registry = "registry.example.com:5000/mirror";
const digest = `sha256:${"0a".repeat(32)}`;

describe("imageRegistry", () => {
    it("holds every image of the stack, the defaults and declared ones", () => {
        const { parts } = plan({
            imageRegistry: registry,
            prometheus: { image: "prom/prometheus:v3.5.0" },
            alertmanager: { enabled: true, receivers: [{ name: "team", pagerduty: { routingKey: "x" } }] },
        });
        assert.deepEqual(
            parts.map(({ image }) => image),
            ["prom/prometheus:v3.5.0", images.alertmanager, images.nodeExporter, images.grafana].map(
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
            const pulled = (raw: object) => plan({ ...raw, prometheus: { image } }).parts[0]?.image;
            assert.equal(pulled({ imageRegistry: registry }), `${registry}/${image}`);
            assert.equal(pulled({}), image);
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
