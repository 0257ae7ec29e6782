// Which component uses which account.
#include "accounts/accounts.h"
#include "base/json.h"
#include "store/flows.h"

namespace patchbay::accounts {

namespace {

base::Error noComponent() {
  return base::fail(base::Code::kNotFound, "Component not found in any of your flows");
}

}  // namespace

std::string Accounts::authServiceOf(const std::string& type) const {
  const auto found = parts_.registry.find(type);
  return found ? found.component->authService : std::string();
}

// The same text, or the same auth module answers for both (a module falls back to its service).
bool Accounts::sameService(std::string_view wanted, std::string_view has) const {
  if (wanted == has) {
    return true;
  }
  const Service service = serviceOf(wanted);
  return service.module != nullptr && service.module->service == has;
}

base::Result<std::pair<std::string, std::string>> Accounts::placeOf(
    const std::string& userId, const std::string& componentId, const std::string& flowId) {
  std::vector<std::pair<std::string, std::string>> places;  // flow, type
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& component : rows.flows().componentsById(componentId)) {
      const auto flow = rows.flows().byId(component.flowId);
      if (flow && flow->userId == userId && (flowId.empty() || flowId == flow->flowId)) {
        places.emplace_back(component.flowId, component.type);
      }
    }
  });
  if (!status) {
    return status.error();
  }
  if (places.empty()) {
    return noComponent();
  }
  if (places.size() > 1) {
    return base::fail(base::Code::kConflict,
                      "Component " + componentId +
                          " is in several of your flows: say which with ?flowId=.");
  }
  return places.front();
}

base::Status Accounts::assign(const std::string& userId, const std::string& componentId,
                              const std::string& accountId, const std::string& flowId) {
  auto record = own(userId, accountId);
  if (!record) {
    return record.error();
  }
  auto place = placeOf(userId, componentId, flowId);
  if (!place) {
    return place.error();
  }
  const std::string wanted = authServiceOf(place->second);
  if (wanted.empty() || !sameService(wanted, record->service)) {
    return base::fail(base::Code::kInvalid,
                      "The account is of service " + record->service + ", the component " +
                          place->second + " needs " + (wanted.empty() ? "none" : wanted) + ".");
  }
  auto status = parts_.store.write([&](store::Transaction& rows) -> base::Status {
    if (!rows.accounts().byId(accountId)) {
      return base::fail(base::Code::kNotFound, "Account " + accountId + " was not found.");
    }
    rows.accounts().assign({place->first, componentId, accountId});
    return {};
  });
  forgetFlow(place->first);
  if (status && reconnected_) {
    reconnected_({place->first});
  }
  return status;
}

base::Status Accounts::unassign(const std::string& userId, const std::string& componentId,
                                const std::string& flowId) {
  auto place = placeOf(userId, componentId, flowId);
  if (!place) {
    return place.error();
  }
  auto status = parts_.store.write([&](store::Transaction& rows) -> base::Status {
    rows.accounts().unassign(place->first, componentId);
    return {};
  });
  forgetFlow(place->first);
  return status;
}

base::Status Accounts::checkFlow(const std::string& userId, bool isAdmin,
                                 const std::string& flowId) {
  std::optional<store::FlowRecord> flow;
  auto status =
      parts_.store.read([&](store::Transaction& rows) { flow = rows.flows().byId(flowId); });
  if (!status) {
    return status;
  }
  if (!flow || (flow->userId != userId && !isAdmin)) {
    return base::fail(base::Code::kNotFound, "Flow " + flowId + " was not found.");
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> Accounts::needsOf(const std::string& flowId) {
  std::vector<std::pair<std::string, std::string>> needs;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& component : rows.flows().components(flowId)) {
      std::string service = authServiceOf(component.type);
      if (!service.empty()) {
        needs.emplace_back(component.componentId, std::move(service));
      }
    }
  });
  if (!status) {
    needs.clear();
  }
  return needs;
}

base::Result<json::object> Accounts::ofFlow(const std::string& userId, bool isAdmin,
                                            const std::string& flowId) {
  if (auto allowed = checkFlow(userId, isAdmin, flowId); !allowed) {
    return allowed.error();
  }
  json::object view;
  for (const auto& [componentId, service] : needsOf(flowId)) {
    view[componentId] = nullptr;
  }
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& assignment : rows.accounts().ofFlow(flowId)) {
      if (json::value* need = view.if_contains(assignment.componentId)) {
        *need = assignment.accountId;
      }
    }
  });
  return status ? base::Result<json::object>(std::move(view))
                : base::Result<json::object>(status.error());
}

base::Result<json::object> Accounts::choicesOfFlow(const std::string& userId, bool isAdmin,
                                                   const std::string& flowId) {
  auto assigned = ofFlow(userId, isAdmin, flowId);
  if (!assigned) {
    return assigned;
  }
  json::object components, services;
  const auto needs = needsOf(flowId);
  auto status = parts_.store.read([&](store::Transaction& rows) {
    const auto accounts = rows.accounts().byUser(userId);
    for (const auto& [componentId, service] : needs) {
      json::object usable;
      for (const auto& record : accounts) {
        if (sameService(service, record.service)) {
          const json::value* mine = assigned->if_contains(componentId);
          const bool has = mine != nullptr && *mine == json::value(record.accountId);
          usable[record.accountId] = choiceView(record, has, componentId);
        }
      }
      services[service] = usable;
      components[componentId] = std::move(usable);
    }
  });
  if (!status) {
    return status.error();
  }
  return json::object{{"components", std::move(components)}, {"services", std::move(services)}};
}

// What a form for a new account needs: the type of the account, and the fields of one with a key or a password.
void Accounts::describeAuth(const std::string& service, json::object& auth) const {
  const Service found = serviceOf(service);
  if (found.module == nullptr) {
    return;
  }
  auth["service"] = found.module->service;
  auth["type"] = found.module->type;
  auth["fields"] = found.module->fields;
}

base::Result<json::object> Accounts::choices(const std::string& userId, const std::string& type,
                                             const std::string& componentId) {
  if (!parts_.registry.find(type)) {
    return base::fail(base::Code::kConnectorMissing, "Component " + type + " is not installed.");
  }
  const std::string service = authServiceOf(type);
  json::object usable;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& record : rows.accounts().byUser(userId)) {
      if (service.empty() || !sameService(service, record.service)) {
        continue;
      }
      bool assigned = false;
      for (const auto& assignment : rows.accounts().ofAccount(record.accountId)) {
        assigned = assigned || (!componentId.empty() && assignment.componentId == componentId);
      }
      usable[record.accountId] = choiceView(record, assigned, componentId);
    }
  });
  if (!status) {
    return status.error();
  }
  json::object auth{{"accounts", std::move(usable)}};
  describeAuth(service, auth);
  return json::object{{"componentType", type}, {"auth", std::move(auth)}};
}

base::Result<json::array> Accounts::flowsOf(const std::string& userId,
                                            const std::string& accountId) {
  if (auto record = own(userId, accountId); !record) {
    return record.error();
  }
  const std::vector<std::string> ids = flowsWith(accountId);
  json::array flows;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const std::string& flowId : ids) {
      if (const auto flow = rows.flows().byId(flowId)) {
        flows.push_back(json::object{{"flowId", flowId}, {"name", flow->name}});
      }
    }
  });
  return status ? base::Result<json::array>(std::move(flows))
                : base::Result<json::array>(status.error());
}

base::Result<json::value> Accounts::profileField(const std::string& userId,
                                                 const std::string& componentId,
                                                 const std::string& field) {
  auto place = placeOf(userId, componentId, "");
  if (!place) {
    return place.error();
  }
  json::value found;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& assignment : rows.accounts().ofFlow(place->first)) {
      if (assignment.componentId != componentId) {
        continue;
      }
      if (const auto record = rows.accounts().byId(assignment.accountId)) {
        const json::value profile = json::parseOwn(record->profile);
        const json::value* value = json::find(profile, field);
        found = value == nullptr ? json::value() : *value;
      }
    }
  });
  return status ? base::Result<json::value>(std::move(found))
                : base::Result<json::value>(status.error());
}

}  // namespace patchbay::accounts
