#include "updates/operation.h"

#include <array>
#include <utility>

#include "base/json.h"

namespace patchbay::updates {

namespace {

constexpr std::array<std::string_view, 8> kPhases = {"plan", "stage",  "verify", "restore-point",
                                                     "stop", "switch", "resume", "done"};
constexpr std::array<std::string_view, 3> kModes = {"stop-all", "stop-affected", "side-by-side"};
constexpr std::array kActions = {Action::kInstall, Action::kUpdate, Action::kPublish,
                                 Action::kRemove, Action::kRollback};
constexpr std::int64_t kSteps = static_cast<std::int64_t>(kPhases.size()) - 1;

template <std::size_t N>
std::size_t indexOf(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) {
      return i;
    }
  }
  return 0;
}

json::object toObject(const std::map<std::string, std::string>& texts) {
  json::object object;
  for (const auto& [name, text] : texts) {
    object[name] = text;
  }
  return object;
}

std::map<std::string, std::string> toMap(const json::object& object) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, text] : object) {
    texts.emplace(name, text.is_string() ? std::string(text.get_string()) : std::string());
  }
  return texts;
}

json::array toArray(const std::vector<Failed>& failed) {
  json::array rows;
  for (const Failed& flow : failed) {
    rows.push_back(json::object{{"flowId", flow.flowId}, {"reason", flow.reason}});
  }
  return rows;
}

}  // namespace

std::string_view phaseText(Phase phase) {
  return kPhases[static_cast<std::size_t>(phase)];
}

std::string_view modeText(Mode mode) {
  return kModes[static_cast<std::size_t>(mode)];
}

base::Result<Mode> parseMode(std::string_view text) {
  for (std::size_t i = 0; i < kModes.size(); ++i) {
    if (kModes[i] == text) {
      return static_cast<Mode>(i);
    }
  }
  return base::fail(base::Code::kInvalid,
                    "\"mode\" must be stop-all, stop-affected or side-by-side.");
}

std::vector<std::string_view> operationKinds() {
  std::vector<std::string_view> kinds;
  for (const Action action : kActions) {
    kinds.push_back(actionText(action));
  }
  return kinds;
}

Operation Operation::read(const store::OperationRecord& record) {
  Operation operation;
  const json::value parsed = json::parseOwn(record.document);
  const json::object& members = parsed.as_object();
  operation.ticket = record.ticket;
  for (const Action action : kActions) {
    if (actionText(action) == record.kind) {
      operation.action = action;
    }
  }
  operation.status = record.status;
  operation.userId = record.userId;
  operation.created = record.created;
  operation.updated = record.updated;
  operation.name = json::getString(members, "name", record.subject);
  operation.from = json::getString(members, "from");
  operation.to = json::getString(members, "to");
  operation.ip = json::getString(members, "ip");
  operation.phase = static_cast<Phase>(indexOf(kPhases, json::getString(members, "phase")));
  operation.mode = static_cast<Mode>(indexOf(kModes, json::getString(members, "mode")));
  operation.confirmed = json::getBool(members, "confirmed");
  operation.stopFlows = json::getBool(members, "stopFlows");
  operation.dropsQueue = json::getBool(members, "dropsQueue");
  operation.undoes = json::getString(members, "undoes");
  operation.before = toMap(json::getObject(members, "before"));
  operation.after = toMap(json::getObject(members, "after"));
  for (std::string& flowId : json::getStrings(members, "stopped")) {
    operation.stopped.insert(std::move(flowId));
  }
  operation.sideBySide = json::getStrings(members, "sideBySide");
  operation.restarted = json::getStrings(members, "restarted");
  for (const json::value& row : json::getArray(members, "failed")) {
    operation.failed.push_back(
        {json::getString(row.as_object(), "flowId"), json::getString(row.as_object(), "reason")});
  }
  operation.stoppedNow = static_cast<std::size_t>(json::getInt(members, "stoppedNow").value_or(0));
  operation.finished = json::getString(members, "finished");
  operation.err = json::getString(members, "err");
  operation.code = json::getString(members, "code");
  if (const json::value* data = json::find(members, "data")) {
    operation.data = *data;
  }
  operation.warnings = json::getStrings(members, "warnings");
  operation.bundles = json::getArray(members, "bundles");
  return operation;
}

store::OperationRecord Operation::record() const {
  store::OperationRecord record;
  record.ticket = ticket;
  record.kind = actionText(action);
  record.status = status;
  record.userId = userId;
  record.created = created;
  record.updated = updated;
  record.subject = name;
  record.document =
      json::write(json::object{{"name", name},
                               {"from", from},
                               {"to", to},
                               {"ip", ip},
                               {"phase", phaseText(phase)},
                               {"mode", modeText(mode)},
                               {"confirmed", confirmed},
                               {"stopFlows", stopFlows},
                               {"dropsQueue", dropsQueue},
                               {"undoes", undoes},
                               {"before", toObject(before)},
                               {"after", toObject(after)},
                               {"stopped", json::toArray({stopped.begin(), stopped.end()})},
                               {"sideBySide", json::toArray(sideBySide)},
                               {"restarted", json::toArray(restarted)},
                               {"failed", toArray(failed)},
                               {"stoppedNow", stoppedNow},
                               {"finished", finished},
                               {"err", err},
                               {"code", code},
                               {"data", data},
                               {"warnings", json::toArray(warnings)},
                               {"bundles", bundles}});
  return record;
}

json::object Operation::toJson() const {
  return {{"ticket", ticket},
          {"action", actionText(action)},
          {"name", json::orNull(name)},
          {"from", json::orNull(from)},
          {"to", json::orNull(to)},
          {"status", status},
          {"phase", phaseText(phase)},
          {"stepsDone", static_cast<std::int64_t>(phase)},
          {"stepsTotal", kSteps},
          {"mode", modeText(mode)},
          {"flows", json::object{{"total", stopped.size()},
                                 {"stopped", stoppedNow},
                                 {"restarted", restarted.size()},
                                 {"failed", toArray(failed)}}},
          {"started", base::toIso(base::fromMillis(created))},
          {"finished", json::orNull(finished)},
          {"err", json::orNull(err)},
          {"code", json::orNull(code)},
          {"data", data},
          {"warnings", json::toArray(warnings)},
          {"startedBy", userId},
          {"undoes", json::orNull(undoes)}};
}

json::object Operation::uploaderJson() const {
  if (finished.empty()) {
    return {{"progress", json::object{{"stepsDone", static_cast<std::int64_t>(phase)},
                                      {"stepsTotal", kSteps}}}};
  }
  json::object wire{{"finished", finished}};
  if (!err.empty()) {
    wire["err"] = err;
    wire["code"] = code;
    if (data.is_array() && !data.get_array().empty()) {
      wire["data"] = data;
    }
    return wire;
  }
  wire["bundles"] = bundles;
  if (!warnings.empty()) {
    wire["warnings"] = json::toArray(warnings);
  }
  return wire;
}

}  // namespace patchbay::updates
