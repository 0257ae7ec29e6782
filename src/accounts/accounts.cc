#include "accounts/accounts.h"

#include "base/json.h"
#include "store/flows.h"

namespace patchbay::accounts {

namespace {
constexpr std::size_t kMaxDisplayName = 256;
}  // namespace

Accounts::Accounts(Parts parts) : parts_(parts) {
  parts_.configuration.onChange([this](const std::string&) { forgetAll(); });
  parts_.registry.onChange([this](const std::string&) { forgetAll(); });
}

Accounts::Service Accounts::serviceOf(std::string_view service) const {
  Service found;
  found.module = parts_.registry.findAuth(service, found.revision);
  return found;
}

AuthRequest Accounts::authRequest(const Service& service, std::string op,
                                  const Secret& secret) const {
  AuthRequest request;
  request.revision = service.revision;
  request.dir = service.module->dir;
  request.service = service.module->service;
  request.op = std::move(op);
  request.data = secret.fields;
  if (!secret.token.empty()) {
    request.data["token"] = secret.token;
  }
  request.config = parts_.configuration.get(service.module->service);
  return request;
}

// Of the app that is the service: its module's or its service's.
std::pair<std::string, std::string> Accounts::iconAndLabel(const std::string& service) const {
  std::string name = service;
  std::replace(name.begin(), name.end(), ':', '.');
  const connectors::App* best = nullptr;
  const auto revisions = parts_.registry.allCurrent();
  for (const auto& revision : revisions) {
    for (const connectors::App& app : revision->apps) {
      const bool same = app.name == name;
      const bool near = name.starts_with(app.name + ".") || app.name.starts_with(name + ".");
      if (same || (near && best == nullptr)) {
        best = &app;
      }
    }
  }
  return best == nullptr ? std::pair(std::string(), service) : std::pair(best->icon, best->label);
}

json::object Accounts::view(const store::AccountRecord& record) const {
  const auto [icon, label] = iconAndLabel(record.service);
  return accountView(record, icon, label);
}

base::Result<json::array> Accounts::list(const std::string& userId) {
  json::array views;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& record : rows.accounts().byUser(userId)) {
      views.push_back(view(record));
    }
  });
  return status ? base::Result<json::array>(std::move(views))
                : base::Result<json::array>(status.error());
}

base::Result<store::AccountRecord> Accounts::own(const std::string& userId,
                                                 const std::string& accountId) {
  std::optional<store::AccountRecord> record;
  auto status = parts_.store.read(
      [&](store::Transaction& rows) { record = rows.accounts().byId(accountId); });
  if (!status) {
    return status.error();
  }
  if (!record || record->userId != userId) {
    return base::fail(base::Code::kNotFound, "Account " + accountId + " was not found.");
  }
  return *record;
}

base::Result<json::object> Accounts::get(const std::string& userId, const std::string& accountId) {
  auto record = own(userId, accountId);
  return record ? base::Result<json::object>(view(*record))
                : base::Result<json::object>(record.error());
}

base::Status Accounts::save(const store::AccountRecord& record) {
  auto status = parts_.store.write([&record](store::Transaction& rows) -> base::Status {
    rows.accounts().put(record);
    return {};
  });
  forgetAll();
  return status;
}

base::Result<json::object> Accounts::rename(const std::string& userId,
                                            const std::string& accountId,
                                            const json::object& body) {
  auto record = own(userId, accountId);
  if (!record) {
    return record.error();
  }
  const json::value* name = json::find(body, "displayName");
  if (name == nullptr || (!name->is_string() && !name->is_null())) {
    return base::fail(base::Code::kInvalid, "\"displayName\" must be a text or null.");
  }
  record->displayName = name->is_null() ? std::string() : std::string(name->get_string());
  if (record->displayName.size() > kMaxDisplayName) {
    return base::fail(base::Code::kInvalid, "\"displayName\" has 256 bytes at most.");
  }
  if (auto status = save(*record); !status) {
    return status.error();
  }
  return view(*record);
}

std::vector<std::string> Accounts::flowsWith(const std::string& accountId) {
  std::vector<std::string> flows;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& assignment : rows.accounts().ofAccount(accountId)) {
      if (std::find(flows.begin(), flows.end(), assignment.flowId) == flows.end()) {
        flows.push_back(assignment.flowId);
      }
    }
  });
  return status ? flows : std::vector<std::string>();
}

base::Status Accounts::remove(const std::string& userId, const std::string& accountId) {
  if (auto record = own(userId, accountId); !record) {
    return record.error();
  }
  if (stopFlow_) {
    for (const std::string& flowId : flowsWith(accountId)) {
      auto stopped = stopFlow_(flowId, accountId);
      if (!stopped && stopped.error().code != base::Code::kNotFound) {
        return base::fail(stopped.error().code, "Flow " + flowId + " uses this account and did not "
                                                "stop: " + stopped.error().message +
                                                " The account was not removed.");
      }
    }
  }
  auto status = parts_.store.write([&](store::Transaction& rows) -> base::Status {
    rows.accounts().erase(accountId);
    return {};
  });
  forgetAll();
  return status;
}

base::Status Accounts::removeAllOf(const std::string& userId) {
  auto status = parts_.store.write([&](store::Transaction& rows) -> base::Status {
    for (const auto& record : rows.accounts().byUser(userId)) {
      rows.accounts().erase(record.accountId);
    }
    return {};
  });
  forgetAll();
  return status;
}

void Accounts::onRemove(StopFlow stopFlow) {
  stopFlow_ = std::move(stopFlow);
}

void Accounts::onReconnect(std::function<void(const std::vector<std::string>&)> told) {
  reconnected_ = std::move(told);
}

void Accounts::tellReconnected(const std::string& accountId) {
  if (reconnected_) {
    reconnected_(flowsWith(accountId));
  }
}

}  // namespace patchbay::accounts
