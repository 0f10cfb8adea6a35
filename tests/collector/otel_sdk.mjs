// Sends one span with every kind of attribute through the OpenTelemetry JavaScript SDK: node otel_sdk.mjs KIND URL.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { NodeTracerProvider, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-node");
const [kind, url] = process.argv.slice(2);
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${kind}`);
const exporter = new OTLPTraceExporter(kind === "grpc" ? { url } : { url, compression: process.env.COMPRESSION });
let failure = "";
const send = exporter.export.bind(exporter);
exporter.export = (spans, done) => send(spans, (result) => { failure ||= result.error?.message ?? ""; done(result); });
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer("lib", "1.2");
const span = tracer.startSpan("sync", { kind: 2 });
span.setAttributes({
  "billtrail.correlation_id": "run-7", text: "é", yes: true, no: false, zero: 0, whole: 42, half: 0.5, list: ["a", "b"],
});
span.addEvent("exception", { "exception.type": "TypeError" });
span.setStatus({ code: 2, message: "no" });
span.end();
await provider.forceFlush();
await provider.shutdown();
if (failure) { console.error(failure); process.exit(1); }
console.log(span.spanContext().traceId);
