// Validates objects of other people's kinds against their CRDs' schemas: JSON list on standard input, sentences on standard output.
import { ScaledObject, TriggerAuthentication } from "@kubernetes-models/keda/keda.sh/v1alpha1";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1";
import { PodMonitor, PrometheusRule, ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";

const kinds = { ScaledObject, TriggerAuthentication, HTTPRoute, PodMonitor, PrometheusRule, ServiceMonitor };

let text = "";
for await (const chunk of process.stdin) text += chunk;
for (const object of JSON.parse(text)) {
  const name = `${object.kind} ${object.metadata.name}`;
  const Kind = kinds[object.kind];
  if (!Kind) {
    console.log(`${name}: no schema here for this kind`);
    continue;
  }
  try {
    new Kind(object).validate();
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
