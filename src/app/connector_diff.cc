#include "app/connector_diff.h"

#include <array>
#include <ostream>

#include "base/json.h"
#include "connectors/bundle_contract.h"

namespace patchbay::app {

namespace {

using connectors::BundleContract;
using connectors::Change;
using connectors::Severity;

constexpr int kNothingBreaking = 0;
constexpr int kNotReadable = 2;
constexpr int kBreaking = 10;

struct Comparison {
  BundleContract before, after;
  std::vector<Change> changes;
  bool declared = false;
  bool breaking = false;
};

json::object document(const Comparison& compared) {
  json::array changes;
  for (const Change& change : compared.changes) {
    changes.push_back(connectors::toJson(change));
  }
  return {{"bundle", compared.after.name},       {"from", compared.before.version.text()},
          {"to", compared.after.version.text()}, {"declaredBreaking", compared.declared},
          {"breaking", compared.breaking},       {"changes", std::move(changes)}};
}

std::string_view verdict(const Comparison& compared) {
  if (compared.breaking) {
    return compared.declared ? "Breaking, and declared as such."
                             : "Breaking, although nothing declares it.";
  }
  return compared.declared ? "Declared breaking, but no manifest breaks a flow."
                           : "Nothing breaking.";
}

void print(const Comparison& compared, std::ostream& out) {
  constexpr std::array kOrder = {Severity::kBreaking, Severity::kBreakingIfUsed,
                                 Severity::kBehaviour, Severity::kHarmless};
  constexpr std::array kHeadings = {"Breaks every flow that uses the component",
                                    "Breaks flows that use the thing", "Runs, but differently",
                                    "Harmless"};
  out << compared.after.name << " " << compared.before.version.text() << " → "
      << compared.after.version.text() << ": " << verdict(compared) << "\n";
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    bool first = true;
    for (const Change& change : compared.changes) {
      if (change.severity == kOrder[i]) {
        if (std::exchange(first, false)) {
          out << "\n" << kHeadings[i] << ":\n";
        }
        out << "  " << change.component << (change.where.empty() ? "" : ", ") << change.where
            << " (" << change.kind << "): " << change.message << "\n";
      }
    }
  }
}

}  // namespace

int connectorDiff(const DiffOrder& order, std::ostream& out, std::ostream& errors) {
  auto before = connectors::readBundleContract(order.before);
  auto after = before ? connectors::readBundleContract(order.after) : before;
  if (!before || !after) {
    errors << "patchbay: " << (before ? after : before).error().message << "\n";
    return kNotReadable;
  }
  if (before->name != after->name) {
    errors << "patchbay: " << order.before.string() << " is bundle " << before->name << ", "
           << order.after.string() << " is " << after->name << ": they have nothing to compare.\n";
    return kNotReadable;
  }
  Comparison compared{std::move(*before), std::move(*after), {}, false, false};
  compared.changes = connectors::diff(compared.before.components, compared.after.components);
  compared.breaking = connectors::isBreaking(compared.changes);
  compared.declared = connectors::isDeclaredBreaking(
      compared.before.version, compared.after.version, compared.after.changelog);
  if (order.json) {
    out << json::write(document(compared)) << "\n";
  } else {
    print(compared, out);
  }
  return compared.breaking ? kBreaking : kNothingBreaking;
}

}  // namespace patchbay::app
