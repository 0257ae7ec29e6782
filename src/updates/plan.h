// What an operation on a connector will do to every flow (R21, R26; rest-api §29.3): computed from
// two contracts and the flows in the store, before anything happens.
//
// Threads: plain values.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/contract_diff.h"

namespace patchbay::updates {

enum class Action : std::uint8_t { kInstall, kUpdate, kPublish, kRemove, kRollback };
std::string_view actionText(Action action);

// From least to worst.
enum class Verdict : std::uint8_t {
  kSafe,            // goes on as it is
  kAutoMigratable,  // needs its owner, who only has to agree to a prepared edit
  kNeedsOwner,      // he has to fill in, choose or sign in
  kBroken,          // a component or port it uses is gone, or does not load
};
std::string_view verdictText(Verdict verdict);

// What the owner has to do (R27).
inline constexpr std::string_view kFillField = "fill-field";
inline constexpr std::string_view kReconnectAccount = "reconnect-account";
inline constexpr std::string_view kReplaceComponent = "replace-component";
inline constexpr std::string_view kReview = "review";

// Kinds of change that no manifest tells, but loading the code does (R12).
inline constexpr std::string_view kLoadFailed = "component-broken";
inline constexpr std::string_view kAuthTypeChanged = "auth-service-changed";
inline constexpr std::string_view kConfigRequired = "config-required";

// One change that hits one component of a flow.
struct FlowChange {
  connectors::Change change;
  std::string componentId, label;
  std::string field;    // the input it is about; empty = none
  std::string service;  // of kReconnectAccount
  std::string_view action = kReview;
  Verdict verdict = Verdict::kNeedsOwner;
};

struct FlowImpact {
  std::string flowId, name, userId, email;
  std::string type;  // as in the flow document: automation, integration-instance, …
  bool running = false;
  bool sideBySide = false;  // stays on the revision it is pinned to, whatever is installed
  Verdict verdict = Verdict::kSafe;
  std::vector<FlowChange> changes;
};

struct Plan {
  Action action = Action::kUpdate;
  std::string name;
  std::string from, to;  // versions; empty = not installed
  bool majorsDiffer = false;
  bool declaredBreaking = false;
  std::vector<connectors::Change> changes;
  boost::json::array changelog;        // {version, breaking, changes: [{text, breaking}]}
  std::vector<FlowImpact> flows;       // by id: all that use the connector
  boost::json::object stoppedWebhook;  // {configured, urls, lastDelivery} (S119)
  std::vector<std::string>
      warnings;  // for people: witnesses that disagree, handlers that would stop

  bool breaking() const;  // computed: some flow, or a contract
  bool requiresConfirmation() const;
  // Flows that a mode stops. Of a plan that needs no confirmation: none.
  std::vector<std::string> running(bool onlyAffected) const;
  // The same for the same versions and flows.
  std::string token() const;
  boost::json::object toJson() const;
};

boost::json::object toJson(const FlowChange& change);
boost::json::object toJson(const FlowImpact& flow);
// {kind, componentId, field | service, message} (R27).
boost::json::object actionRequired(const FlowChange& change);

}  // namespace patchbay::updates
