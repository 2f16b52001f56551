import type { z } from "zod";
import { headerName, httpClientKeys, httpClientPlaces } from "../../config/schema/httpClient";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import {
    anyText,
    bindAddress,
    dataVolume,
    dictionary,
    fixedImage,
    listOf,
    memory,
    object,
    port,
    sizeLimit,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";

export const standardImage = "otel/opentelemetry-collector-contrib:0.165.0";

const { basicAuth, authorization, tlsConfig } = httpClientKeys("it asks");

const anEndpoint = 'one, such as "https://otlp.example.com/otlp"';

const exporter = object(
    {
        name: text(
            /^(?!prometheus$)[a-z][a-z0-9_-]{0,31}$/,
            'a name of at most 32 lower-case letters, digits, _ and -, beginning with a letter, and not "prometheus"',
            'one, such as "archive"',
        ).describe("What it is called in metrics and alerts. What waits for it on disk is found by it."),
        endpoint: webUrl(anEndpoint)
            .refine((url) => !URL.canParse(url) || !/^\w+:\/\/[^/]*@|[?#]/.test(url), {
                error: "has a login, a ? or a # in it; write the address alone, and a login in basicAuth",
            })
            .refine((url) => !/\/v1\/metrics\/?$/.test(url), {
                error: "ends in /v1/metrics, which the collector adds; leave that out",
            })
            .describe("Its address, without `/v1/metrics`: OpenTelemetry's `OTEL_EXPORTER_OTLP_ENDPOINT`."),
        headers: dictionary(headerName, anyText, 'names with texts, such as {X-Scope-OrgID: "shop"}')
            .optional()
            .describe("Further headers. They are no secret."),
        ...{ basicAuth, authorization },
        tlsConfig: tlsConfig.describe("How its certificate is checked, and which one the collector shows."),
    },
    { places: httpClientPlaces },
).meta({ id: "collectorExporter" });

export const collectorSchema = object({
    enabled: toggle
        .prefault("false")
        .describe("Run an OpenTelemetry Collector, which takes the metrics that applications push by OTLP."),
    image: fixedImage(standardImage).default(standardImage),
    grpcPort: port.optional().meta({
        description: "TCP port on the Docker host for OTLP over gRPC. Nobody is asked for a login there.",
        derived: "none: containers find it on the stack's network, at port 4317",
    }),
    httpPort: port.optional().meta({
        description: "The same for OTLP over HTTP.",
        derived: "none: containers find it on the stack's network, at port 4318",
    }),
    bindAddress: bindAddress.describe("Address of the Docker host that these ports are published on."),
    queueSize: sizeLimit('the most that may wait for each receiver, such as "5GB"')
        .prefault("1GB")
        .describe(
            "How much waits on disk for each receiver at most: what is pushed after that is refused, and the applications push it again.",
        ),
    exporters: listOf(exporter, 'a list, such as [{name: "archive", endpoint: "https://otlp.example.com/otlp"}]')
        .default([])
        .describe(
            "Where it sends everything by OTLP over HTTP, beside the stack's Prometheus, which has it where `prometheus.receive.otlp` is on.",
        ),
    memoryLimit: memory("256MB"),
    dataVolume: dataVolume("what was not sent on yet"),
    scrapeJob: ownScrapeJob,
    startTimeout,
})
    .prefault({})
    .describe("What applications push to.");

export type CollectorSettings = z.output<typeof collectorSchema>;
export type CollectorExporter = z.output<typeof exporter>;
