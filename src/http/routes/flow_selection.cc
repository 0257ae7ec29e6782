#include "http/routes/flow_selection.h"

#include <algorithm>

namespace patchbay::http {

namespace {

using Pair = std::pair<std::string, std::string>;

// "stage:running" of filter=stage:running is {"stage", "running"}; what has an operator, or is no
// filter of these names, is nothing.
std::optional<Pair> chosenBy(const Pair& parameter) {
  const auto& [name, value] = parameter;
  if (name == "componentType" || name == "stage") {
    return parameter;
  }
  const auto colon = value.find(':');
  if (name != "filter" || colon == std::string::npos) {
    return std::nullopt;
  }
  Pair filter{value.substr(0, colon), value.substr(colon + 1)};
  const bool known = filter.first == "userId" || filter.first == "componentType" ||
                     filter.first == "attention" || filter == Pair("stage", "running") ||
                     filter == Pair("stage", "stopped");
  if (!known || filter.second.empty() || filter.second[0] == '!' || filter.second[0] == '~') {
    return std::nullopt;
  }
  return filter;
}

base::Status choose(const Pair& chosen, flows::FlowSelection& selection) {
  const auto& [name, value] = chosen;
  if (name == "componentType") {
    selection.componentType = value;
  } else if (name == "userId" && value == "*") {
    selection.scope = flows::FlowSelection::Scope::kEverybody;
  } else if (name == "userId") {
    selection.userId = value;
  } else if (name == "stage") {
    if (value != "running" && value != "stopped") {
      return base::fail(base::Code::kInvalid, "\"stage\" must be running or stopped.");
    }
    selection.stage = value;
  } else {
    if (value != "true" && value != "false") {
      return base::fail(base::Code::kInvalid, "The filter \"attention\" must be true or false.");
    }
    selection.attention = value == "true";
  }
  return {};
}

}  // namespace

base::Result<flows::FlowSelection> takeFlowSelection(Request& request) {
  flows::FlowSelection selection;
  base::Status status;
  std::erase_if(request.query, [&](const Pair& parameter) {
    const auto chosen = chosenBy(parameter);
    if (chosen && status) {
      status = choose(*chosen, selection);
    }
    return chosen.has_value();
  });
  if (!status) {
    return status.error();
  }
  // Questions about connectors are about all flows of the server, for those who may see them.
  if (!selection.userId && (!selection.componentType.empty() || selection.attention == true)) {
    selection.scope = flows::FlowSelection::Scope::kEverybody;
  }
  return selection;
}

}  // namespace patchbay::http
