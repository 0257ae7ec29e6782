#include "flows/detail/transform_rules.h"

#include <set>

#include "base/json.h"

namespace patchbay::flows::detail {
namespace {

using boost::json::object;
using boost::json::value;

constexpr int kMaxDepth = 32;

const object* objectMember(const object& holder, std::string_view key) {
  const value* member = json::find(holder, key);
  return member == nullptr || !member->is_object() ? nullptr : &member->get_object();
}

std::string modifierProblem(std::string_view field, const value& modifier) {
  const std::string where = "modifiers." + std::string(field);
  if (!modifier.is_object()) {
    return where + " must hold objects.";
  }
  const object& members = modifier.get_object();
  const value* variable = json::find(members, "variable");
  if (variable != nullptr && !variable->is_string() && !variable->is_null()) {
    return where + " has a variable that is not a text.";
  }
  const value* functions = json::find(members, "functions");
  if (functions != nullptr && !functions->is_array() && !functions->is_null()) {
    return where + " has functions that are not an array.";
  }
  return {};
}

// Ids in "{{{…}}}" of any text below `part`.
void collectPlaceholders(const value& part, std::set<std::string, std::less<>>& ids, int depth) {
  if (depth > kMaxDepth) {
    return;
  }
  if (part.is_string()) {
    const std::string_view text = part.get_string();
    std::size_t at = text.find("{{{");
    while (at != std::string_view::npos) {
      const std::size_t end = text.find("}}}", at + 3);
      if (end == std::string_view::npos) {
        return;
      }
      ids.emplace(text.substr(at + 3, end - at - 3));
      at = text.find("{{{", end + 3);
    }
  } else if (part.is_array()) {
    for (const value& item : part.get_array()) {
      collectPlaceholders(item, ids, depth + 1);
    }
  } else if (part.is_object()) {
    for (const auto& [key, member] : part.get_object()) {
      collectPlaceholders(member, ids, depth + 1);
    }
  }
}

class VariableWalk {
 public:
  explicit VariableWalk(const std::function<void(std::string_view, std::string_view)>& told)
      : told_(told) {}

  // `modifiers`: {id: {variable?, functions?}}; only those that `text` uses.
  void modifiers(std::string_view field, const value& text, const object& modifiers, int depth) {
    if (depth > kMaxDepth) {
      return;
    }
    std::set<std::string, std::less<>> used;
    collectPlaceholders(text, used, 0);
    for (const auto& [id, modifier] : modifiers) {
      if (used.contains(std::string_view(id)) && modifier.is_object()) {
        one(field, modifier.get_object(), depth);
      }
    }
  }

 private:
  void one(std::string_view field, const object& modifier, int depth) {
    const value* variable = json::find(modifier, "variable");
    if (variable != nullptr && variable->is_string()) {
      told_(field, variable->get_string());
    }
    for (const value& function : json::getArray(modifier, "functions")) {
      if (!function.is_object()) {
        continue;
      }
      for (const value& parameter : json::getArray(function.get_object(), "params")) {
        parameterModifiers(field, parameter, depth);
      }
      for (const auto& [key, parameter] : json::getObject(function.get_object(), "hashParams")) {
        parameterModifiers(field, parameter, depth);
      }
    }
  }

  void parameterModifiers(std::string_view field, const value& parameter, int depth) {
    if (!parameter.is_object()) {
      return;
    }
    const value* text = json::find(parameter.get_object(), "value");
    const object* own = objectMember(parameter.get_object(), "modifiers");
    if (text != nullptr && own != nullptr) {
      modifiers(field, *text, *own, depth + 1);
    }
  }

  const std::function<void(std::string_view, std::string_view)>& told_;
};

}  // namespace

std::string shapeProblem(const value& transform) {
  if (!transform.is_object()) {
    return "a transform must be an object.";
  }
  const object& members = transform.get_object();
  if (const value* type = json::find(members, "type"); type != nullptr && !type->is_null()) {
    const std::string word = json::getString(members, "type");
    if (word != "json2new" && word != "json2ext") {
      return "type must be json2new or json2ext.";
    }
  }
  const value* modifiers = json::find(members, "modifiers");
  if (modifiers == nullptr || modifiers->is_null()) {
    return {};
  }
  if (!modifiers->is_object()) {
    return "modifiers must be an object.";
  }
  for (const auto& [field, byId] : modifiers->get_object()) {
    if (!byId.is_object()) {
      return "modifiers." + std::string(field) + " must be an object.";
    }
    for (const auto& [id, modifier] : byId.get_object()) {
      if (std::string problem = modifierProblem(field, modifier); !problem.empty()) {
        return problem;
      }
    }
  }
  return {};
}

void eachVariable(const value& transform,
                  const std::function<void(std::string_view, std::string_view)>& told) {
  if (!transform.is_object()) {
    return;
  }
  const object& lambda = json::getObject(transform.get_object(), "lambda");
  const object& modifiers = json::getObject(transform.get_object(), "modifiers");
  VariableWalk walk(told);
  for (const auto& [field, text] : lambda) {
    if (const object* byId = objectMember(modifiers, field)) {
      walk.modifiers(field, text, *byId, 0);
    }
  }
}

Filling fillingOf(const value& transform, std::string_view field) {
  if (!transform.is_object() || json::getString(transform.get_object(), "type") == "json2ext") {
    return Filling::kFilled;
  }
  const object* lambda = objectMember(transform.get_object(), "lambda");
  if (lambda == nullptr) {
    return Filling::kFilled;
  }
  const value* filled = json::find(*lambda, field);
  if (filled == nullptr) {
    return Filling::kAbsent;
  }
  const bool empty = filled->is_null() || (filled->is_string() && filled->get_string().empty());
  return empty ? Filling::kEmpty : Filling::kFilled;
}

}  // namespace patchbay::flows::detail
