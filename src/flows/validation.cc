#include "flows/validation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "flows/detail/ancestors.h"
#include "flows/detail/output_paths.h"
#include "flows/detail/transform_rules.h"
#include "store/accounts.h"

namespace patchbay::flows {
namespace {

using boost::json::object;
using boost::json::value;
using connectors::Component;

constexpr std::size_t kMaxProblems = 1000;
constexpr std::array<std::string_view, 9> kKnownKeys = {
    "type", "label", "source", "config", "errorHandling", "x", "y", "version", "manifest"};

// Connector of a type: its first two parts.
std::string_view connectorOf(std::string_view type) {
  return type.substr(0, type.find('.', type.find('.') + 1));
}

std::string inQuotes(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

// $.<component id>.<port>[.<path>]
struct Variable {
  std::string_view componentId, port, path;
};

std::optional<Variable> split(std::string_view text) {
  if (!text.starts_with("$.")) {
    return std::nullopt;
  }
  text.remove_prefix(2);
  Variable variable;
  const std::size_t first = text.find('.');
  variable.componentId = text.substr(0, first);
  if (first == std::string_view::npos) {
    return variable;
  }
  text.remove_prefix(first + 1);
  const std::size_t second = text.find('.');
  variable.port = text.substr(0, second);
  if (second != std::string_view::npos) {
    variable.path = text.substr(second + 1);
  }
  return variable;
}

class Validator {
 public:
  Validator(const Descriptor& flow, const connectors::Registry& registry, const Facts& facts)
      : flow_(flow), registry_(registry), facts_(facts), ancestors_(flow) {}

  std::vector<Problem> run() {
    for (const Node& node : flow_.nodes()) {
      found_.emplace(node.id, registry_.find(node.type));
    }
    for (const Node& node : flow_.nodes()) {
      check(node);
    }
    return std::move(problems_);
  }

 private:
  void report(const Node& node, ProblemKind kind, std::string message) {
    if (problems_.size() < kMaxProblems) {
      problems_.push_back(Problem{kind, node.id, node.type, std::move(message)});
    }
  }

  const Component* componentOf(std::string_view componentId) const {
    const auto found = found_.find(componentId);
    return found == found_.end() ? nullptr : found->second.component;
  }

  void check(const Node& node) {
    checkKeys(node);
    const Component* component = componentOf(node.id);
    if (component == nullptr) {
      report(node, ProblemKind::kMissingComponent,
             "Component " + node.type + " is not installed. Install connector " +
                 std::string(connectorOf(node.type)) + ".");
      return;
    }
    checkComponent(node, *component);
    checkProperties(node, *component);
    checkLinks(node, *component);
    checkTransformKeys(node, *component);
    for (const Link& link : node.incoming) {
      if (link.transform != nullptr) {
        checkTransform(node, *component, link);
      }
    }
  }

  void checkKeys(const Node& node) {
    for (const auto& [key, member] : node.document->get_object()) {
      if (std::find(kKnownKeys.begin(), kKnownKeys.end(), std::string_view(key)) ==
          kKnownKeys.end()) {
        report(node, ProblemKind::kUnknownKey,
               "Key " + inQuotes(std::string_view(key).substr(0, kMaxPortBytes)) +
                   " of the component is unknown and has no effect.");
      }
    }
  }

  void checkComponent(const Node& node, const Component& component) {
    if (!component.loadError.empty()) {
      report(node, ProblemKind::kBrokenComponent,
             "Component " + node.type + " does not load: " + component.loadError);
    }
    if (facts_.mayUse && !facts_.mayUse(component)) {
      report(node, ProblemKind::kForbidden, "You may not use component " + node.type + ".");
    }
    if (!component.authService.empty() && !facts_.withAccount.contains(node.id)) {
      report(node, ProblemKind::kMissingAccount, "Not authenticated");
    }
  }

  static std::vector<std::string> requiredOf(const value* schema) {
    if (schema == nullptr || !schema->is_object()) {
      return {};
    }
    return json::getStrings(schema->get_object(), "required");
  }

  void checkProperties(const Node& node, const Component& component) {
    const value* form = json::find(component.manifest, "properties");
    const value* schema = form == nullptr ? nullptr : json::find(*form, "schema");
    for (const std::string& field : requiredOf(schema)) {
      const value* given =
          node.properties == nullptr ? nullptr : json::find(node.properties->get_object(), field);
      if (given == nullptr) {
        report(node, ProblemKind::kMissingField,
               "Input field " + inQuotes(field) + " is required.");
      } else if (given->is_null() || (given->is_string() && given->get_string().empty())) {
        report(node, ProblemKind::kEmptyField, "Input field " + inQuotes(field) + " is required.");
      }
    }
  }

  void checkLinks(const Node& node, const Component& component) {
    std::map<std::string_view, int> count;
    for (const Link& link : node.incoming) {
      ++count[link.inPort];
      if (!component.hasInPort(link.inPort)) {
        report(node, ProblemKind::kUnknownPort,
               "Link to in port " + inQuotes(link.inPort) + ", which the component does not have.");
      }
      if (flow_.find(link.source) == nullptr) {
        report(node, ProblemKind::kUnknownPort,
               "Link from component " + link.source + ", which is not in the flow.");
        continue;
      }
      const Component* source = componentOf(link.source);
      if (source != nullptr && link.outPort != kErrorPortName &&
          !source->hasOutPort(link.outPort)) {
        report(node, ProblemKind::kUnknownPort,
               "Link from out port " + inQuotes(link.outPort) + " of component " + link.source +
                   ", which that component does not have.");
      }
    }
    for (const auto& [port, limit] : component.maxConnections) {
      if (const auto used = count.find(port); used != count.end() && used->second > limit) {
        report(node, ProblemKind::kMaxConnections,
               "In port " + inQuotes(port) + " takes at most " + std::to_string(limit) + " link" +
                   (limit == 1 ? "" : "s") + " and has " + std::to_string(used->second) + ".");
      }
    }
  }

  // Transforms left over from removed links are fine, as long as the in port exists.
  void checkTransformKeys(const Node& node, const Component& component) {
    if (node.transform == nullptr) {
      return;
    }
    for (const auto& [port, transforms] : node.transform->get_object()) {
      if (!component.hasInPort(port)) {
        report(node, ProblemKind::kMalformed,
               "Malformed transformation: the component has no in port " +
                   inQuotes(std::string_view(port).substr(0, kMaxPortBytes)) + ".");
      }
    }
  }

  void checkTransform(const Node& node, const Component& component, const Link& link) {
    if (std::string problem = detail::shapeProblem(*link.transform); !problem.empty()) {
      report(node, ProblemKind::kMalformed,
             "Malformed transformation: from " + link.source + "." + link.outPort + ": " + problem);
      return;
    }
    checkRequired(node, component, link);
    detail::eachVariable(*link.transform, [&](std::string_view field, std::string_view variable) {
      if (std::string problem = variableProblem(link, variable); !problem.empty()) {
        report(node, ProblemKind::kInvalidVariable,
               "Input field " + inQuotes(field) + " contains invalid variable " +
                   std::string(variable.substr(0, 512)) + ": " + problem);
      }
    });
  }

  void checkRequired(const Node& node, const Component& component, const Link& link) {
    for (const std::string& field : requiredOf(inPortSchema(component, link.inPort))) {
      const detail::Filling filling = detail::fillingOf(*link.transform, field);
      if (filling == detail::Filling::kFilled) {
        continue;
      }
      report(node,
             filling == detail::Filling::kAbsent ? ProblemKind::kMissingField
                                                 : ProblemKind::kEmptyField,
             "Input field " + inQuotes(field) + " is required.");
    }
  }

  static const value* inPortSchema(const Component& component, std::string_view port) {
    const value* ports = json::find(component.manifest, "inPorts");
    if (ports == nullptr || !ports->is_array()) {
      return nullptr;
    }
    for (const value& entry : ports->get_array()) {
      if (entry.is_object() && json::getString(entry.get_object(), "name") == port) {
        return json::find(entry.get_object(), "schema");
      }
    }
    return nullptr;
  }

  std::string variableProblem(const Link& link, std::string_view text) {
    const auto variable = split(text);
    if (!variable) {
      return {};  // a loop's local, or a legacy text
    }
    const Node* holder = flow_.find(variable->componentId);
    if (holder == nullptr) {
      return "component " + std::string(variable->componentId) + " is not in the flow.";
    }
    const Node* source = flow_.find(link.source);
    if (source == nullptr) {
      return {};  // the link itself is reported
    }
    if (!ancestors_.upTo(*source).contains(holder->id)) {
      return "component " + holder->id + " does not come before this one.";
    }
    const Component* component = componentOf(holder->id);
    if (component == nullptr || variable->port.empty()) {
      return {};
    }
    if (variable->port != kErrorPortName && !component->hasOutPort(variable->port)) {
      return "component " + holder->id + " has no out port " + inQuotes(variable->port) + ".";
    }
    if (!detail::offers(*component, variable->port, variable->path)) {
      return "its out port " + inQuotes(variable->port) + " does not offer this path.";
    }
    return {};
  }

  const Descriptor& flow_;
  const connectors::Registry& registry_;
  const Facts& facts_;
  detail::Ancestors ancestors_;
  std::map<std::string, connectors::Found, std::less<>> found_;
  std::vector<Problem> problems_;
};

// [{componentId, componentType, errors: [{message, keyword}]}], one entry a component, in order.
boost::json::array byComponent(const std::vector<Problem>& problems,
                               const std::function<bool(ProblemKind)>& wanted) {
  boost::json::array list;
  std::map<std::string, std::size_t> places;
  for (const Problem& problem : problems) {
    if (!wanted(problem.kind)) {
      continue;
    }
    const auto [place, fresh] = places.emplace(problem.componentId, list.size());
    if (fresh) {
      list.push_back(object{{"componentId", problem.componentId},
                            {"componentType", problem.componentType},
                            {"errors", boost::json::array()}});
    }
    list[place->second].get_object()["errors"].get_array().push_back(
        object{{"message", problem.message}, {"keyword", keyword(problem.kind)}});
  }
  return list;
}

}  // namespace

std::string_view keyword(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::kMissingComponent:
      return "missingComponent";
    case ProblemKind::kBrokenComponent:
      return "brokenComponent";
    case ProblemKind::kForbidden:
      return "forbiddenComponent";
    case ProblemKind::kMissingAccount:
      return "missingAccount";
    case ProblemKind::kMissingField:
      return "required";
    case ProblemKind::kMalformed:
      return "malformedTransformation";
    case ProblemKind::kInvalidVariable:
      return "invalidVariable";
    case ProblemKind::kMaxConnections:
      return "maxConnections";
    case ProblemKind::kUnknownPort:
      return "unknownPort";
    case ProblemKind::kEmptyField:
      return "required";
    case ProblemKind::kUnknownKey:
      return "unknownKey";
  }
  return "problem";
}

bool blocksStart(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::kMissingComponent:
    case ProblemKind::kBrokenComponent:
    case ProblemKind::kForbidden:
    case ProblemKind::kMissingAccount:
    case ProblemKind::kMissingField:
    case ProblemKind::kMalformed:
      return true;
    case ProblemKind::kInvalidVariable:
    case ProblemKind::kMaxConnections:
    case ProblemKind::kUnknownPort:
    case ProblemKind::kEmptyField:
    case ProblemKind::kUnknownKey:
      break;
  }
  return false;
}

std::vector<Problem> validate(const Descriptor& flow, const connectors::Registry& registry,
                              const Facts& facts) {
  return Validator(flow, registry, facts).run();
}

object validationBody(const std::vector<Problem>& problems) {
  return object{{"errors", byComponent(problems, [](ProblemKind) { return true; })}};
}

base::Status startVerdict(const std::vector<Problem>& problems, bool all) {
  // Warnings never stop a start: such links and keys are legal, they only do nothing.
  const auto wanted = [all](ProblemKind kind) {
    return blocksStart(kind) ||
           (all && kind != ProblemKind::kUnknownPort && kind != ProblemKind::kUnknownKey);
  };
  const auto isForbidden = [](const Problem& problem) {
    return problem.kind == ProblemKind::kForbidden;
  };
  auto first = std::find_if(problems.begin(), problems.end(), isForbidden);
  const bool forbidden = first != problems.end();
  if (!forbidden) {
    first = std::find_if(problems.begin(), problems.end(),
                         [&](const Problem& p) { return wanted(p.kind); });
  }
  if (first == problems.end()) {
    return {};
  }
  std::string message =
      first->kind == ProblemKind::kMissingAccount
          ? "Component " + first->componentType + " has no account: " + first->message + "."
          : first->message;
  return base::fail(forbidden ? base::Code::kForbidden : base::Code::kInvalid, std::move(message),
                    byComponent(problems, wanted));
}

std::set<std::string, std::less<>> componentsWithAccount(store::Transaction& rows,
                                                         std::string_view flowId) {
  std::set<std::string, std::less<>> ids;
  for (const store::AssignmentRecord& row : rows.accounts().ofFlow(flowId)) {
    ids.insert(row.componentId);
  }
  return ids;
}

Facts factsOf(store::Transaction& rows, std::string_view flowId, const access::Acl& acl,
              const access::Caller& caller) {
  Facts facts;
  facts.withAccount = componentsWithAccount(rows, flowId);
  facts.mayUse = [&acl, caller](const connectors::Component& component) {
    return acl.mayUse(caller, component.name, component.isPrivate);
  };
  return facts;
}

}  // namespace patchbay::flows
