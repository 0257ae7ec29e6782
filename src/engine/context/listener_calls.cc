#include "engine/context/listener_calls.h"

#include <filesystem>

#include "base/json.h"

namespace patchbay::engine {

namespace {

Parts::Listener listenerOf(const Attempt& attempt, const json::object& arguments) {
  const json::value* params = json::find(arguments, "params");
  return {attempt.node->found.revision,
          std::filesystem::path(attempt.component().dir).parent_path().generic_string(),
          attempt.flow->flowId,
          attempt.componentId(),
          json::getString(arguments, "eventName"),
          params == nullptr || params->is_null() ? "{}" : json::write(*params)};
}

void ask(const std::function<void(Parts::Listener, std::function<void(base::Status)>)>& plugins, const json::object& arguments,
         const Answer& answer) {
  Parts::Listener listener = listenerOf(answer.attempt(), arguments);
  if (listener.eventName.empty()) {
    answer.fail(base::fail(base::Code::kInvalid, "A listener needs an eventName, a text."));
    return;
  }
  if (!plugins) {
    answer.fail(base::fail(base::Code::kUnavailable, "This server runs no plugins."));
    return;
  }
  plugins(std::move(listener), [answer](const base::Status& status) {
    if (status) {
      answer.ok();
    } else {
      answer.fail(status.error());
    }
  });
}

}  // namespace

void addListenerCalls(HostCalls& calls, Parts& parts) {
  calls.add("listenerAdd", [&parts](const json::object& arguments, const Answer& answer) { ask(parts.addListener, arguments, answer); });
  calls.add("listenerRemove", [&parts](const json::object& arguments, const Answer& answer) { ask(parts.removeListener, arguments, answer); });
}

}  // namespace patchbay::engine
