#include "connectors/contract_diff.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::connectors {

namespace {

bool contains(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// Whether every value that fitted `before` fits `after`, perhaps coerced: numbers become texts, and
// a field of any type was filled with what a form gives, which is text.
bool takesAll(const std::set<std::string>& before, const std::set<std::string>& after) {
  if (after.empty() || (before.empty() && after.contains("string"))) {
    return true;
  }
  return !before.empty() && std::all_of(before.begin(), before.end(), [&](const std::string& type) {
    return after.contains(type) || (type == "integer" && after.contains("number")) ||
           ((type == "integer" || type == "number" || type == "boolean") &&
            after.contains("string"));
  });
}

std::string listed(const std::set<std::string>& types) {
  std::string text;
  for (const std::string& type : types) {
    text += (text.empty() ? "" : " or ") + type;
  }
  return text.empty() ? "any" : text;
}

// One keyword of a schema: whether `after` allows less than `before` (null = no such rule).
bool isTighter(const std::string& rule, const json::value* before, const json::value& after) {
  if (before == nullptr) {
    return !(rule == "uniqueItems" && after == json::value(false));
  }
  if (*before == after) {
    return false;
  }
  if (!before->is_number() || !after.is_number()) {
    return true;
  }
  const double was = before->to_number<double>();
  const double is = after.to_number<double>();
  if (rule.starts_with("min") || rule == "exclusiveMinimum") {
    return is > was;
  }
  if (rule.starts_with("max") || rule == "exclusiveMaximum") {
    return is < was;
  }
  return true;
}

// What an account of the old scopes lacks.
std::string missingOf(const std::set<std::string>& before, const std::set<std::string>& after) {
  std::string text;
  for (const std::string& one : after) {
    if (!before.contains(one)) {
      text += (text.empty() ? "" : ", ") + one;
    }
  }
  return text;
}

// The changes of one component.
class ComponentDiff {
 public:
  ComponentDiff(const ComponentContract& before, const ComponentContract& after,
                std::vector<Change>& changes)
      : before_(before), after_(after), changes_(changes) {}

  void run() {
    if (!before_.isPrivate && after_.isPrivate) {
      add("component-private", "", Severity::kBreakingIfUsed,
          "The component is private now: users without a rule for it cannot start flows that use "
          "it.");
    }
    inPorts();
    inputs("properties.", before_.properties, after_.properties, allInputs(after_));
    outPorts();
    auth();
    if (before_.trigger != after_.trigger) {
      add("trigger-mechanism-changed", "", Severity::kBreaking,
          "It was triggered by " + triggerText(before_) + ", now by " + triggerText(after_) +
              ": its flows must be started anew.");
    }
    if (before_.quota != after_.quota) {
      add("quota-changed", "quota", Severity::kBehaviour,
          "Its quota has changed: calls may wait longer or shorter.");
    }
  }

 private:
  using Names = std::map<std::string, std::string>;

  static std::string triggerText(const ComponentContract& contract) {
    return contract.trigger.empty() ? "messages" : contract.trigger;
  }

  void add(std::string_view kind, std::string where, Severity severity, std::string message,
           std::string now = {}) {
    changes_.push_back(
        {before_.name, kind, std::move(where), severity, std::move(message), std::move(now)});
  }

  // Where fields of this name are in the other part of the component: properties for ports, ports
  // for properties.
  static std::set<std::string> allInputs(const ComponentContract& contract) {
    std::set<std::string> names;
    for (const auto& [port, in] : contract.inPorts) {
      for (const auto& [name, field] : in.fields) {
        names.insert(name);
      }
    }
    return names;
  }

  static std::set<std::string> namesOf(const InputFields& fields) {
    std::set<std::string> names;
    for (const auto& [name, field] : fields) {
      names.insert(name);
    }
    return names;
  }

  void inPorts() {
    const Names renamed =
        renamedPorts(before_.inPorts, after_.inPorts, [](const InPort& a, const InPort& b) {
          return !a.fields.empty() && namesOf(a.fields) == namesOf(b.fields);
        });
    for (const auto& [name, port] : before_.inPorts) {
      const auto same = after_.inPorts.find(name);
      if (same != after_.inPorts.end()) {
        if (port.source != same->second.source && !port.source.empty()) {
          add("source-contract-changed", "in." + name, Severity::kBehaviour,
              "The call that makes the form of port " + name + " has changed.");
        }
        inputs("in." + name + ".", port.fields, same->second.fields, namesOf(after_.properties));
      } else if (const auto now = renamed.find(name); now != renamed.end()) {
        add("input-renamed", "in." + name, Severity::kBreakingIfUsed,
            "In port " + name + " is called " + now->second + " now: links to it are cut.",
            now->second);
      } else {
        add("input-removed", "in." + name, Severity::kBreakingIfUsed,
            "In port " + name + " was removed: links to it are cut.");
      }
    }
  }

  void outPorts() {
    const Names renamed =
        renamedPorts(before_.outPorts, after_.outPorts, [](const OutPort& a, const OutPort& b) {
          return std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                            [](const auto& x, const auto& y) { return x.first == y.first; });
        });
    for (const auto& [name, port] : before_.outPorts) {
      const auto same = after_.outPorts.find(name);
      if (same != after_.outPorts.end()) {
        outputs(name, port, same->second);
      } else if (const auto now = renamed.find(name); now != renamed.end()) {
        add("output-port-renamed", "out." + name, Severity::kBreakingIfUsed,
            "Out port " + name + " is called " + now->second + " now: links from it are cut.",
            now->second);
      } else {
        add("output-port-removed", "out." + name, Severity::kBreakingIfUsed,
            "Out port " + name + " was removed: links from it are cut.");
      }
    }
  }

  // One that went and one that came and that are alike: a new name. Two of a kind: nobody knows.
  template <typename Ports, typename Alike>
  static Names renamedPorts(const Ports& before, const Ports& after, Alike alike) {
    Names renamed;
    for (const auto& [old, port] : before) {
      if (after.contains(old)) {
        continue;
      }
      std::vector<std::string> now;
      for (const auto& [name, other] : after) {
        if (!before.contains(name) && alike(port, other)) {
          now.push_back(name);
        }
      }
      if (now.size() == 1) {
        renamed.emplace(old, now.front());
      }
    }
    return renamed;
  }

  // `elsewhere`: names of fields in the other part of the new component.
  void inputs(const std::string& prefix, const InputFields& before, const InputFields& after,
              const std::set<std::string>& elsewhere) {
    std::set<std::string> renamed;
    for (const auto& [name, field] : before) {
      const auto same = after.find(name);
      if (same != after.end()) {
        input(prefix + name, name, field, same->second);
      } else {
        lostInput(prefix, name, field, before, after, elsewhere, renamed);
      }
    }
    for (const auto& [name, field] : after) {
      if (!before.contains(name) && !renamed.contains(name)) {
        newInput(prefix + name, name, field);
      }
    }
  }

  void lostInput(const std::string& prefix, const std::string& name, const InputField& field,
                 const InputFields& before, const InputFields& after,
                 const std::set<std::string>& elsewhere, std::set<std::string>& renamed) {
    const std::string where = prefix + name;
    if (elsewhere.contains(name)) {
      add("input-moved", where, Severity::kBreakingIfUsed,
          "Field " + name +
              " has moved between properties and ports: what flows filled in is not read any "
              "more.");
      return;
    }
    for (const auto& [other, now] : after) {
      const bool alike = !field.label.empty() && field.label == now.label &&
                         field.control == now.control && field.types == now.types;
      if (!before.contains(other) && !renamed.contains(other) && alike) {
        renamed.insert(other);
        add("input-renamed", where, Severity::kBreakingIfUsed,
            "Field " + name + " is called " + other +
                " now: what flows filled in is not read any more.",
            other);
        return;
      }
    }
    add("input-removed", where, Severity::kBreakingIfUsed,
        "Field " + name + " was removed: what flows filled in is not read any more.");
  }

  void newInput(const std::string& where, const std::string& name, const InputField& field) {
    if (field.required && !field.defaultValue) {
      add("input-new-required", where, Severity::kBreaking,
          "Field " + name + " is new and must be filled in.");
    } else {
      add("other", where, Severity::kHarmless, "Field " + name + " is new and may stay empty.");
    }
  }

  void input(const std::string& where, const std::string& name, const InputField& before,
             const InputField& after) {
    if (!takesAll(before.types, after.types)) {
      add("input-retyped", where, Severity::kBreakingIfUsed,
          "Field " + name + " was " + listed(before.types) + " and is " + listed(after.types) +
              " now.");
    } else if (before.inner != after.inner && !after.inner.empty()) {
      add("other", where, Severity::kBehaviour,
          "What field " + name + " may hold inside has changed.");
    }
    if (!before.required && after.required) {
      add("input-became-required", where,
          after.defaultValue ? Severity::kBehaviour : Severity::kBreakingIfUsed,
          "Field " + name + " must be filled in now.");
    }
    for (const auto& [rule, bound] : after.rules) {
      const auto was = before.rules.find(rule);
      if (isTighter(rule, was == before.rules.end() ? nullptr : &was->second, bound)) {
        add("input-validation-tightened", where, Severity::kBreakingIfUsed,
            "Field " + name + " must satisfy " + rule + " " + json::write(bound) + " now.");
      }
    }
    if (after.values && !(before.values && contains(*after.values, *before.values))) {
      const std::string gone =
          before.values ? missingOf(*after.values, *before.values) : std::string("all but a list");
      add("input-enum-narrowed", where, Severity::kBreakingIfUsed,
          "Field " + name + " does not take any more: " + gone + ".");
    }
    if (before.source != after.source && !before.source.empty()) {
      add("source-contract-changed", where, Severity::kBehaviour,
          "The call that lists the choices of field " + name + " has changed.");
    }
    if (before.defaultValue != after.defaultValue) {
      add("default-changed", where, Severity::kBehaviour,
          "What field " + name + " is when it is left empty has changed.");
    }
  }

  void outputs(const std::string& port, const OutPort& before, const OutPort& after) {
    const std::string prefix = "out." + port + ".";
    if (!before.dynamic && after.dynamic && after.fields.empty() && !before.fields.empty()) {
      add("other", "out." + port, Severity::kBehaviour,
          "The fields of port " + port +
              " are listed by a call now: whether the old ones are among them cannot be told.");
      return;
    }
    std::set<std::string> renamed;
    for (const auto& [path, field] : before.fields) {
      const auto same = after.fields.find(path);
      if (same == after.fields.end()) {
        lostOutput(prefix, path, field, before, after, renamed);
      } else if (!takesAll(same->second.types, field.types) && !same->second.types.empty()) {
        add("output-field-retyped", prefix + path, Severity::kBreakingIfUsed,
            "Output " + path + " was " + listed(field.types) + " and is " +
                listed(same->second.types) + " now.");
      }
    }
  }

  void lostOutput(const std::string& prefix, const std::string& path, const OutputField& field,
                  const OutPort& before, const OutPort& after, std::set<std::string>& renamed) {
    for (const auto& [other, now] : after.fields) {
      if (!before.fields.contains(other) && !renamed.contains(other) && !field.label.empty() &&
          field.label == now.label) {
        renamed.insert(other);
        add("output-field-renamed", prefix + path, Severity::kBreakingIfUsed,
            "Output " + path + " is called " + other + " now: mappings of it are empty.", other);
        return;
      }
    }
    // A call may still list it.
    add("output-field-removed", prefix + path,
        after.dynamic ? Severity::kBehaviour : Severity::kBreakingIfUsed,
        "Output " + path + " was removed: mappings of it are empty.");
  }

  void auth() {
    if (before_.authService != after_.authService) {
      const bool dropped = after_.authService.empty();
      add("auth-service-changed", "auth", dropped ? Severity::kHarmless : Severity::kBreaking,
          dropped ? "It needs no account any more."
                  : "It needs an account of " + after_.authService +
                        (before_.authService.empty() ? "."
                                                     : " instead of " + before_.authService + "."));
      return;
    }
    if (const std::string missing = missingOf(before_.scopes, after_.scopes); !missing.empty()) {
      add("auth-scope-added", "auth", Severity::kBreaking,
          "Its account needs more rights: " + missing + ". Users must sign in again.");
    }
  }

  const ComponentContract& before_;
  const ComponentContract& after_;
  std::vector<Change>& changes_;
};

std::string lastPart(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

bool looksRenamed(const ComponentContract& before, const ComponentContract& after) {
  const bool named = lastPart(before.name) == lastPart(after.name) ||
                     (!before.label.empty() && before.label == after.label);
  const auto ports = [](const auto& map) {
    std::set<std::string> names;
    for (const auto& [name, port] : map) {
      names.insert(name);
    }
    return names;
  };
  return named && before.trigger == after.trigger &&
         ports(before.inPorts) == ports(after.inPorts) &&
         ports(before.outPorts) == ports(after.outPorts);
}

void addRemoved(const ComponentContract& gone, const Contracts& before, const Contracts& after,
                std::set<std::string>& renamed, std::vector<Change>& changes) {
  const Severity severity = gone.isPrivate ? Severity::kBreakingIfUsed : Severity::kBreaking;
  for (const auto& [name, now] : after) {
    if (!before.contains(name) && !renamed.contains(name) && looksRenamed(gone, now)) {
      renamed.insert(name);
      changes.push_back({gone.name, "component-renamed", "", severity,
                         "The component is called " + name + " now.", name});
      return;
    }
  }
  changes.push_back({gone.name, "component-removed", "", severity, "The component was removed.", {}});
}

}  // namespace

std::string_view severityText(Severity severity) {
  switch (severity) {
    case Severity::kBreaking:
      return "breaking";
    case Severity::kBreakingIfUsed:
      return "breaking-if-used";
    case Severity::kBehaviour:
      return "behaviour";
    case Severity::kHarmless:
      return "harmless";
  }
  return "harmless";
}

std::vector<Change> diff(const Contracts& before, const Contracts& after) {
  std::vector<Change> changes;
  std::set<std::string> renamed;
  for (const auto& [name, contract] : before) {
    const auto same = after.find(name);
    if (same == after.end()) {
      addRemoved(contract, before, after, renamed, changes);
    } else {
      ComponentDiff(contract, same->second, changes).run();
    }
  }
  for (const auto& [name, contract] : after) {
    if (!before.contains(name) && !renamed.contains(name)) {
      changes.push_back({name, "other", "", Severity::kHarmless, "The component is new.", {}});
    }
  }
  return changes;
}

bool isBreaking(const std::vector<Change>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const Change& change) {
    return change.severity <= Severity::kBreakingIfUsed;
  });
}

json::object toJson(const Change& change) {
  return {{"component", change.component},
          {"kind", change.kind},
          {"where", change.where},
          {"severity", severityText(change.severity)},
          {"message", change.message}};
}

}  // namespace patchbay::connectors
