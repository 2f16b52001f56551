import assert from "node:assert/strict";
import { difference } from "../../../components/blackboxExporter/delivery";

/** What /config of blackbox_exporter 0.28 shows of the modules below. */
const shown = `modules:
    http:
        prober: http
        http:
            preferred_ip_protocol: ip4
            ip_protocol_fallback: true
            follow_redirects: true
    own:
        prober: http
        timeout: 1m0s
        http:
            ip_protocol_fallback: true
            body_size_limit: 10MiB
            basic_auth:
                username: probe
                password_file: /etc/blackbox_exporter/secrets/a
            fail_if_body_not_matches_regexp:
                - ok|ja
`;
const declared = (http: object = {}) => ({
    modules: {
        http: { prober: "http", http: { preferred_ip_protocol: "ip4" } },
        own: {
            prober: "http",
            timeout: "1m",
            http: {
                body_size_limit: "10MB",
                basic_auth: { username: "probe", password_file: "/etc/blackbox_exporter/secrets/a" },
                fail_if_body_not_matches_regexp: ["ok|ja"],
                ...http,
            },
        },
    },
});

describe("The modules that blackbox_exporter runs with", () => {
    it("are the declared ones, whatever defaults and units it shows", () =>
        assert.equal(difference(shown, declared()), undefined));

    it("are others where one is missing, or is left over", () => {
        const { own, http } = declared().modules;
        assert.equal(difference(shown, { modules: { http } }), "it has the modules http, own instead of http");
        assert.match(difference(shown, { modules: { http, own, more: own } }) ?? "", /instead of http, more, own$/);
    });

    it("are others where a value is", () =>
        assert.equal(
            difference(shown, declared({ fail_if_body_not_matches_regexp: ["ok"] })),
            'modules.own.http.fail_if_body_not_matches_regexp.0 is "ok|ja" instead of "ok"',
        ));
});
