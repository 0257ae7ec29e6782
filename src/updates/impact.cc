#include "updates/impact.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "updates/node_use.h"
#include "updates/place.h"

namespace patchbay::updates {

namespace {

using connectors::Change;
using connectors::Severity;

const connectors::InputField* fieldAfter(const ImpactGround& ground, const Change& change,
                                         const Place& place) {
  const auto component = ground.after.find(change.component);
  if (component == ground.after.end()) {
    return nullptr;
  }
  const connectors::InputFields* fields = &component->second.properties;
  if (place.part == "in") {
    const auto port = component->second.inPorts.find(place.port);
    if (port == component->second.inPorts.end()) {
      return nullptr;
    }
    fields = &port->second.fields;
  }
  const auto field = fields->find(place.field);
  return field == fields->end() ? nullptr : &field->second;
}

// Does what this node fills in still fit the narrower list of values? What is mapped nobody knows
// before the message comes: it does not.
bool takesOnlyKept(const NodeUse& use, const ImpactGround& ground, const Change& change,
                   const Place& place) {
  const connectors::InputField* field = fieldAfter(ground, change, place);
  if (field == nullptr || !field->values) {
    return false;
  }
  const auto values = use.valuesOf(place.port, place.field);
  return std::all_of(values.begin(), values.end(), [&](const json::value* value) {
    return field->values->contains(json::write(*value));
  });
}

bool hitsInput(const NodeUse& use, const ImpactGround& ground, const Change& change,
               const Place& place) {
  if (place.field.empty()) {  // the port
    return use.linksInto(place.port);
  }
  if (change.kind == "input-new-required" || change.kind == "input-became-required") {
    return use.leavesEmpty(place.port, place.field);
  }
  if (!use.fills(place.port, place.field)) {
    return false;
  }
  return change.kind != "input-enum-narrowed" || !takesOnlyKept(use, ground, change, place);
}

bool hitsOutput(const NodeUse& use, const Place& place) {
  return place.field.empty() ? use.linksOutOf(place.port) : use.maps(place.port, place.field);
}

bool hits(const NodeUse& use, const ImpactGround& ground, const Change& change,
          const Place& place) {
  if (change.kind == "component-private") {
    return !ground.mayUsePrivate || !ground.mayUsePrivate(change.component);
  }
  if (place.part == "in" || place.part == "properties") {
    return hitsInput(use, ground, change, place);
  }
  return place.part == "out" ? hitsOutput(use, place) : true;
}

std::string_view actionFor(const Change& change, const Place& place) {
  if (change.kind.starts_with("component-")) {
    return kReplaceComponent;
  }
  if (change.kind.starts_with("auth-")) {
    return kReconnectAccount;
  }
  return (place.part == "in" || place.part == "properties") && !place.field.empty() ? kFillField
                                                                                    : kReview;
}

Verdict verdictFor(const Change& change, const Place& place) {
  if (!change.now.empty()) {
    return Verdict::kAutoMigratable;
  }
  const bool isPort = (place.part == "in" || place.part == "out") && place.field.empty();
  const bool isGone = change.kind == "component-removed" || change.kind == kLoadFailed ||
                      (isPort && change.kind.ends_with("-removed"));
  return isGone ? Verdict::kBroken : Verdict::kNeedsOwner;
}

FlowChange flowChange(const flows::Node& node, const ImpactGround& ground, const Change& change,
                      const Place& place) {
  FlowChange hit;
  hit.change = change;
  hit.componentId = node.id;
  hit.label = node.label;
  hit.action = actionFor(change, place);
  hit.field = place.part == "out" ? "" : place.field;
  hit.verdict = verdictFor(change, place);
  if (hit.action == kReconnectAccount) {
    const auto after = ground.after.find(change.component);
    hit.service = after == ground.after.end() ? "" : after->second.authService;
  }
  return hit;
}

}  // namespace

std::vector<FlowChange> impactOn(const flows::Descriptor& flow, const ImpactGround& ground) {
  std::vector<FlowChange> found;
  std::optional<FlowReferences> references;  // reading them takes longest
  for (const flows::Node& node : flow.nodes()) {
    for (const Change& change : ground.changes) {
      if (change.component != node.type || change.severity > Severity::kBreakingIfUsed) {
        continue;
      }
      if (!references) {
        references.emplace(flow);
      }
      const Place place = Place::of(change.where);
      if (hits(NodeUse(flow, node, *references), ground, change, place)) {
        found.push_back(flowChange(node, ground, change, place));
      }
    }
  }
  return found;
}

Verdict worst(const std::vector<FlowChange>& changes) {
  Verdict verdict = Verdict::kSafe;
  for (const FlowChange& change : changes) {
    verdict = std::max(verdict, change.verdict);
  }
  return verdict;
}

}  // namespace patchbay::updates
