import assert from "node:assert/strict";
import type { VolumeFacts } from "../../../config/check/dataVolumes";
import { checkDataVolumes } from "../../../config/check/dataVolumes";
import { question } from "../../../components/observation";
import { mistakes, parse, plan } from "../../declaration";

const own = "metrics-stack-test";
const samples: VolumeFacts = { name: "prometheus_data", usedBy: [], top: ["chunks_head", "wal"] };
const database: VolumeFacts = { name: "grafana_data", usedBy: [], top: ["grafana.db", "secret-key"] };

/** What a declaration with these volumes is told, a line each. */
const told = (volumes: readonly VolumeFacts[], raw: object = { prometheus: { dataVolume: "prometheus_data" } }) =>
    checkDataVolumes(plan({ ...raw }).wanted.adopters, plan().wanted.ownVolumes, volumes).map(
        ({ path, message }) => `${path.join(".")}: ${message}`,
    );

const grafana = { grafana: { dataVolume: "grafana_data" } };

describe("A volume of somebody else", () => {
    it("is taken over with what its program left in it, or empty", () => {
        assert.deepEqual(told([samples, database], { ...grafana, prometheus: { dataVolume: "prometheus_data" } }), []);
        assert.deepEqual(told([{ ...samples, top: [], foreign: "." }]), []);
    });

    it("is refused where there is none: Docker would create it", () => {
        assert.deepEqual(told([{ name: "prometheus_dta", usedBy: [] }]), [
            'prometheus.dataVolume: "prometheus_data" is no volume of the Docker host; did you mean prometheus_dta?',
        ]);
        assert.match(told([]).join(), /write one that docker volume ls shows$/);
    });

    it("is refused while a container uses it", () => {
        assert.match(told([{ ...samples, usedBy: ["prometheus"] }]).join(), /first: docker stop prometheus$/);
    });

    it("is refused where it holds something else", () => {
        assert.match(
            told([{ ...samples, top: ["postgresql.conf"] }]).join(),
            /no data of Prometheus \(there is no wal/,
        );
        assert.match(
            told([{ ...database, top: ["x"] }], grafana).join(),
            /no data of Grafana \(there is no grafana\.db/,
        );
    });

    it("is refused with files of another user, and with the command that changes it", () => {
        assert.deepEqual(told([{ ...samples, foreign: "./wal" }]), [
            'prometheus.dataVolume: "prometheus_data" has files that Prometheus may not write, such as ./wal; give them to ' +
                "it: docker run --rm --user 0:0 --volume prometheus_data:/data --entrypoint chown " +
                "prom/prometheus:v3.13.5 -R 65534:65534 /data",
        ]);
        assert.match(told([{ ...database, foreign: "./x" }], grafana).join(), /chown \S+ -R 472:0 \/data$/);
    });

    it("is refused where Grafana could not read the passwords in it", () => {
        assert.match(told([{ ...database, top: ["grafana.db"] }], grafana).join(), /no file secret-key/);
    });

    it("is refused where it is the stack's own", () => {
        const raw = { prometheus: { dataVolume: `${own}-grafana-data` } };
        assert.match(told([], raw).join(), /is a volume of the stack's own; leave the key out$/);
    });

    it("is refused for two programs at once", () => {
        const both = { prometheus: { dataVolume: "data" }, grafana: { dataVolume: "data" } };
        assert.deepEqual(mistakes(both), [
            'metrics-stack:grafana.dataVolume: "data" is already the dataVolume of prometheus; write another one',
        ]);
        assert.deepEqual(parse({ ...both, grafana: { ...both.grafana, enabled: false } }).grafana, undefined);
    });

    it("is looked at on the Docker host, as the user who is to own it", () => {
        const adopted = (raw: object) => question(plan({ ...raw })).host?.adopted;
        assert.deepEqual(adopted({}), []);
        assert.deepEqual(adopted({ ...grafana, prometheus: { dataVolume: "prometheus_data" } }), [
            { volume: "prometheus_data", userId: 65534 },
            { volume: "grafana_data", userId: 472 },
        ]);
    });
});
