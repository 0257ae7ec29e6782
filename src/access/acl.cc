#include "access/acl.h"

#include "access/connector_access.h"
#include "base/json.h"
#include "store/settings.h"

namespace patchbay::access {

namespace {

constexpr std::string_view kKind = "acl";
constexpr std::size_t kMaxRules = 10000;
constexpr std::size_t kMaxListBytes = 4 * 1024 * 1024;

std::string_view nameOf(AclType type) {
  return type == AclType::kRoutes ? "routes" : "components";
}

std::vector<AclRule> defaults(AclType type) {
  if (type == AclType::kRoutes) {
    return {{"admin", "*", {"*"}, {"*"}}, {"user", "*", {"*"}, {"*"}}};
  }
  return {{"admin", "*", {"*"}, {"non-private"}},
          {"user", "*", {"*"}, {"non-private"}},
          {"tester", "*", {"*"}, {"non-private"}}};
}

base::Error badRule(std::size_t index, std::string_view what) {
  return base::fail(base::Code::kInvalid,
                    "Rule " + std::to_string(index) + ": " + std::string(what) +
                        ". The list was not changed.");
}

// A list of texts, or one bare text. False: neither.
bool takeTexts(const json::value& value, std::vector<std::string>& texts) {
  if (value.is_string()) {
    texts.emplace_back(value.get_string());
    return true;
  }
  if (!value.is_array()) {
    return false;
  }
  for (const json::value& item : value.get_array()) {
    if (!item.is_string()) {
      return false;
    }
    texts.emplace_back(item.get_string());
  }
  return true;
}

base::Result<AclRule> ruleOf(const json::value& value, std::size_t index, AclType type) {
  if (!value.is_object()) {
    return badRule(index, "it must be an object with role, resource, action and attributes");
  }
  const json::object& body = value.get_object();
  AclRule rule;
  for (const auto& [field, target] : {std::pair("role", &rule.role), {"resource", &rule.resource}}) {
    const json::value* text = json::find(body, field);
    if (text == nullptr || !text->is_string()) {
      return badRule(index, "\"" + std::string(field) + "\" is required and must be a text");
    }
    *target = std::string(text->get_string());
  }
  const json::value* action = json::find(body, "action");
  if (action == nullptr || !takeTexts(*action, rule.action)) {
    return badRule(index, "\"action\" is required and must be a list of texts");
  }
  const json::value* attributes = json::find(body, "attributes");
  if (attributes == nullptr || attributes->is_null()) {
    rule.attributes = {type == AclType::kRoutes ? "*" : "non-private"};
  } else if (!takeTexts(*attributes, rule.attributes)) {
    return badRule(index, "\"attributes\" must be a list of texts");
  }
  return rule;
}

base::Result<std::vector<AclRule>> rulesOf(const json::value& body, AclType type) {
  std::vector<AclRule> rules;
  if (body.is_null()) {
    return rules;
  }
  if (!body.is_array() || body.get_array().size() > kMaxRules) {
    return base::fail(base::Code::kInvalid,
                      "The body must be a list of at most 10000 rules. The list was not changed.");
  }
  for (const json::value& item : body.get_array()) {
    auto rule = ruleOf(item, rules.size(), type);
    if (!rule) {
      return rule.error();
    }
    rules.push_back(std::move(*rule));
  }
  return rules;
}

std::string_view textOf(RouteAction action) {
  switch (action) {
    case RouteAction::kRead: return "read";
    case RouteAction::kCreate: return "create";
    case RouteAction::kUpdate: return "update";
    case RouteAction::kDelete: return "delete";
  }
  return "read";
}

const Caller& anyUser() {
  static const Caller kAnyUser{"", "", "", {"user"}, {}};
  return kAnyUser;
}

}  // namespace

Acl::Acl(store::Store& store) : store_(store) {
  set(AclType::kRoutes, defaults(AclType::kRoutes));
  set(AclType::kComponents, defaults(AclType::kComponents));
}

base::Status Acl::load() {
  for (const AclType type : {AclType::kRoutes, AclType::kComponents}) {
    std::optional<std::string> stored;
    auto status = store_.read([&](store::Transaction& rows) {
      stored = rows.settings().get(kKind, nameOf(type));
    });
    if (!status) {
      return status;
    }
    if (stored) {
      auto rules = rulesOf(json::parseOwn(*stored), type);
      if (!rules) {
        return rules.error();
      }
      set(type, std::move(*rules));
    }
  }
  return {};
}

base::Result<AclType> Acl::typeOf(std::string_view name) {
  if (name == "routes") {
    return AclType::kRoutes;
  }
  if (name == "components") {
    return AclType::kComponents;
  }
  return base::fail(base::Code::kNotFound,
                    "There are no rules of type " + std::string(name) + ": see GET /acl-types.");
}

std::shared_ptr<const AclRules> Acl::list(AclType type) const {
  const std::lock_guard lock(mutex_);
  return type == AclType::kRoutes ? routes_ : components_;
}

void Acl::set(AclType type, AclRules rules) {
  auto swapped = std::make_shared<const AclRules>(std::move(rules));
  const std::lock_guard lock(mutex_);
  (type == AclType::kRoutes ? routes_ : components_) = std::move(swapped);
}

base::Result<boost::json::array> Acl::replace(AclType type, const boost::json::value& body,
                                              const store::Unit& also, const Check& check) {
  auto rules = rulesOf(body, type);
  if (!rules) {
    return rules.error();
  }
  json::array stored = wireRules(*rules);
  const base::Status status = edit(
      type,
      [&](const AclRules& before) -> base::Result<AclRules> {
        const base::Status checked = check ? check(before) : base::Status();
        return checked ? base::Result<AclRules>(std::move(*rules)) : checked.error();
      },
      also);
  return status ? base::Result<json::array>(std::move(stored)) : status.error();
}

base::Status Acl::edit(AclType type, const Change& change, const store::Unit& also) {
  const std::lock_guard writing(writing_);
  auto rules = change(*list(type));
  if (!rules) {
    return rules.error();
  }
  if (rules->size() > kMaxRules) {
    return base::fail(base::Code::kTooLarge, "A list holds at most 10000 rules. It was not changed.");
  }
  const std::string text = json::write(json::value(wireRules(*rules)));
  if (text.size() > kMaxListBytes) {
    return base::fail(base::Code::kTooLarge, "The list is over 4 MiB. It was not changed.");
  }
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    rows.settings().put(kKind, nameOf(type), text);
    return also ? also(rows) : base::Status();
  });
  if (status) {
    set(type, std::move(*rules));
  }
  return status;
}

bool Acl::mayList(const Caller* caller, std::string_view component, bool isPrivate) const {
  return access::mayList(*list(AclType::kComponents), caller == nullptr ? anyUser() : *caller,
                         component, isPrivate);
}

bool Acl::mayUse(const Caller& caller, std::string_view component, bool isPrivate) const {
  return access::mayUse(*list(AclType::kComponents), caller, component, isPrivate);
}

bool Acl::mayCall(const Caller& caller, std::string_view family, RouteAction action) const {
  bool allowed = false;
  for (const AclRule& rule : *list(AclType::kRoutes)) {
    if (!covers(rule.resource, family) || !isRoleOf(caller, rule.role)) {
      continue;
    }
    if (denies(rule, textOf(action))) {
      return false;
    }
    allowed = allowed || allows(rule, textOf(action));
  }
  return allowed;
}

}  // namespace patchbay::access
