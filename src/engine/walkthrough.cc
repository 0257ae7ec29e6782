#include "engine/walkthrough.h"

#include "base/json.h"

namespace patchbay::engine {

namespace {

struct Step {
  std::string_view source, sourcePort, target, targetPort;
};

void write(const Step& step, std::string& out) {
  out += "{\"targetId\":";
  json::writeString(step.target, out);
  out += ",\"links\":[{\"sourceId\":";
  json::writeString(step.source, out);
  out += ",\"sourceOut\":";
  json::writeString(step.sourcePort, out);
  out += ",\"targetIn\":";
  json::writeString(step.targetPort, out);
  out += "}]}";
}

// The in port that a link between the two leads into; empty: there is none.
std::string_view inPortBetween(const RunningFlow& flow, const queue::ScopeItem& from, std::string_view to) {
  if (flow.descriptor == nullptr) {
    return {};
  }
  for (const flows::Target& target : flow.descriptor->outgoing(from.component, from.port)) {
    if (target.node->id == to) {
      return target.link->inPort;
    }
  }
  return {};
}

}  // namespace

void writeWalkthrough(const RunningFlow& flow, const queue::Message& message, std::string& out) {
  const queue::Scope& scope = *message.scope;
  std::vector<Step> steps;
  for (std::size_t i = scope.size() > kLongestWalk ? scope.size() - kLongestWalk : 0; i < scope.size(); ++i) {
    const bool isLast = i + 1 == scope.size();
    const std::string_view target = isLast ? message.componentId : scope[i + 1].component;
    if (const std::string_view port = inPortBetween(flow, scope[i], target); !port.empty()) {
      steps.push_back({scope[i].component, scope[i].port, target, port});
    }
  }
  if (!message.sourceId.empty()) {  // what is known of the last one beats what is derived
    if (!steps.empty() && steps.back().target == message.componentId) {
      steps.pop_back();
    }
    steps.push_back({message.sourceId, message.sourcePort, message.componentId, message.port});
  }
  out.push_back('[');
  for (std::size_t i = 0; i < steps.size(); ++i) {
    out += i == 0 ? "" : ",";
    write(steps[i], out);
  }
  out.push_back(']');
}

}  // namespace patchbay::engine
