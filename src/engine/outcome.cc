#include "engine/outcome.h"

#include "base/json.h"

namespace patchbay::engine {

Outcome Outcome::make(OutcomeKind kind, std::string_view name, std::string message, std::string_view code) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.name = name;
  outcome.message = std::move(message);
  outcome.code = code;
  json::object err{{"name", outcome.name}, {"message", outcome.message}};
  if (!outcome.code.empty()) {
    err["code"] = outcome.code;
  }
  outcome.err = json::write(err);
  return outcome;
}

Outcome Outcome::parse(OutcomeKind kind, std::string_view err) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.err = err;
  const auto document = json::parse(err, "err");
  if (!document || !document->is_object()) {
    return make(kind, "Error", "The component failed without saying why.");
  }
  const json::object& members = document->get_object();
  outcome.name = json::getString(members, "name", "Error");
  outcome.message = json::getString(members, "message");
  if (const json::value* code = json::find(members, "code"); code != nullptr && !code->is_null()) {
    outcome.code = code->is_string() ? std::string(code->get_string()) : json::write(*code);
  }
  if (const auto status = json::getInt(members, "status"); status && *status >= 100 && *status < 600) {
    outcome.status = static_cast<int>(*status);
  }
  return outcome;
}

}  // namespace patchbay::engine
