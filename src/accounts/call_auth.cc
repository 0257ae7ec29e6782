// What a component's call gets of its account, and keeping that account good.
#include <spdlog/spdlog.h>

#include "accounts/accounts.h"
#include "base/json.h"

namespace patchbay::accounts {

namespace {

constexpr std::size_t kMaxCached = 100'000;
constexpr std::int64_t kRenewBefore = 5 * 60 * 1000;

void keyOf(std::string_view flowId, std::string_view componentId, std::string& key) {
  key.clear();
  key.append(flowId);
  key.push_back('\n');
  key.append(componentId);
}

void addAll(const json::object& from, json::object& to) {
  for (const auto& [key, value] : from) {
    to[key] = value;
  }
}

}  // namespace

std::shared_ptr<const CallAuth> Accounts::authFor(std::string_view flowId,
                                                  std::string_view componentId,
                                                  const connectors::Component& component) {
  thread_local std::string key;
  keyOf(flowId, componentId, key);
  std::shared_ptr<const CallAuth> auth;
  std::uint64_t changes = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto found = cache_.find(key);
    if (found != cache_.end() && found->second.component == component.name) {
      auth = found->second.auth;
    }
    changes = changes_;
  }
  if (auth == nullptr) {
    auth = std::make_shared<const CallAuth>(build(flowId, componentId, component));
    const std::lock_guard lock(mutex_);
    if (changes == changes_ && !auth->isUnread) {
      if (cache_.size() >= kMaxCached) {
        cache_.clear();
      }
      cache_[key] = {component.name, auth};
    }
  }
  if (auth->expires != 0) {
    renewIfDue(*auth);
  }
  return auth;
}

CallAuth Accounts::build(std::string_view flowId, std::string_view componentId,
                         const connectors::Component& component) {
  CallAuth auth;
  const json::object config = parts_.configuration.get(component.configService);
  auth.configJson = json::write(config);
  auth.authJson = auth.configJson;
  auth.profileJson = "{}";
  if (component.authService.empty()) {
    return auth;
  }
  std::optional<store::AccountRecord> record;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& assignment : rows.accounts().ofFlow(flowId)) {
      if (assignment.componentId == componentId) {
        record = rows.accounts().byId(assignment.accountId);
      }
    }
  });
  if (record && !sameService(component.authService, record->service)) {
    record.reset();  // never one service's secrets to another's code
  }
  if (!status) {
    auth.isUnread = true;
    auth.problem = "Its account could not be read: " + status.error().message;
  } else if (!record) {
    auth.problem = "It has no account of " + component.authService + ".";
  } else {
    fillFromAccount(*record, config, auth);
  }
  return auth;
}

// {tokenId, service, userId, profileInfo, …config, …fields}, for pwd also token and expDate.
void Accounts::fillFromAccount(const store::AccountRecord& record, const json::object& config,
                               CallAuth& auth) const {
  auth.accountId = record.accountId;
  auth.profileJson = record.profile;
  auto secret = Secret::unseal(parts_.sealer, record);
  if (!secret) {
    auth.problem = secret.error().message;
    return;
  }
  json::object members{{"tokenId", record.tokenId},
                       {"service", record.service},
                       {"userId", record.userId},
                       {"profileInfo", json::parseOwn(record.profile)}};
  addAll(config, members);
  addAll(secret->fields, members);
  if (secret->type == "pwd" && !secret->token.empty()) {
    members["token"] = secret->token;
    if (secret->expires != 0) {
      members["expDate"] = base::toIso(base::fromMillis(secret->expires));
    }
  }
  auth.authJson = json::write(members);
  auth.expires = secret->expires;
  if (!record.invalid.empty()) {
    auth.problem = "Its account \"" + record.name + "\" is not valid any more: " + record.invalid;
  }
}

void Accounts::renewIfDue(const CallAuth& auth) {
  if (base::toMillis(parts_.clock.now()) + kRenewBefore < auth.expires) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (!renewing_.try_emplace(auth.accountId, true).second) {
      return;
    }
  }
  std::optional<store::AccountRecord> record;
  auto status = parts_.store.read(
      [&](store::Transaction& rows) { record = rows.accounts().byId(auth.accountId); });
  if (status && record && record->invalid.empty()) {
    revalidate(std::move(*record), [](bool) {});
  } else {
    const std::lock_guard lock(mutex_);
    renewing_.erase(auth.accountId);
  }
}

void Accounts::recheck(const std::string& flowId, const std::string& componentId,
                       std::function<void(bool)> told) {
  std::optional<store::AccountRecord> record;
  auto status = parts_.store.read([&](store::Transaction& rows) {
    for (const auto& assignment : rows.accounts().ofFlow(flowId)) {
      if (assignment.componentId == componentId) {
        record = rows.accounts().byId(assignment.accountId);
      }
    }
  });
  if (!status || !record) {
    told(true);
    return;
  }
  revalidate(std::move(*record), std::move(told));
}

void Accounts::revalidate(store::AccountRecord record, std::function<void(bool)> told) {
  const Service service = serviceOf(record.service);
  auto secret = Secret::unseal(parts_.sealer, record);
  if (service.module == nullptr || !secret) {
    const std::lock_guard lock(mutex_);
    renewing_.erase(record.accountId);
    told(true);
    return;
  }
  AuthRequest request = authRequest(service, "validate", *secret);
  parts_.runner.start(std::move(request), [this, record = std::move(record),
                                           kept = std::move(*secret), told = std::move(told)](
                                              base::Result<json::value> answer) {
    settle(record, kept, answer, told);
  });
}

// What the check said goes into the account; a check that could not be made changes nothing.
void Accounts::settle(const store::AccountRecord& checked, Secret secret,
                      const base::Result<json::value>& answer, std::function<void(bool)> told) {
  const auto finish = [this, accountId = checked.accountId, told = std::move(told)](bool good) {
    {
      const std::lock_guard lock(mutex_);
      renewing_.erase(accountId);
    }
    told(good);
  };
  if (!answer || !answer->is_object()) {
    finish(!answer ? answer.error().code != base::Code::kInvalid : true);
    return;
  }
  const json::object& result = answer->get_object();
  store::AccountRecord record = checked;
  const bool good = json::getBool(result, "valid", true);
  record.invalid = good ? std::string()
                        : json::getString(result, "message", "the service did not accept it");
  if (good && !json::getString(result, "token").empty()) {
    secret.token = json::getString(result, "token");
    const auto expires = base::parseIso(json::getString(result, "expires"));
    secret.expires = expires ? base::toMillis(*expires) : 0;
  }
  record.sealed = secret.seal(parts_.sealer, record.accountId);
  parts_.store.submit(
      [record, sealedBefore = checked.sealed](store::Transaction& rows) -> base::Status {
        const auto now = rows.accounts().byId(record.accountId);
        if (now && now->sealed == sealedBefore) {  // else: replaced meanwhile, that one counts
          rows.accounts().put(record);
        }
        return {};
      },
      [this](const base::Status& status) {
        if (!status) {
          spdlog::error("An account's check was not saved: {}", status.error().message);
        }
        forgetAll();
      });
  finish(good);
}

void Accounts::forgetFlow(std::string_view flowId) {
  const std::string prefix = std::string(flowId) + "\n";
  const std::lock_guard lock(mutex_);
  ++changes_;
  std::erase_if(cache_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

void Accounts::forgetAll() {
  const std::lock_guard lock(mutex_);
  ++changes_;
  cache_.clear();
}

}  // namespace patchbay::accounts
