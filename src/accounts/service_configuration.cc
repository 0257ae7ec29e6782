#include "accounts/service_configuration.h"

#include <spdlog/spdlog.h>

#include "base/json.h"
#include "store/settings.h"

namespace patchbay::accounts {

namespace {

constexpr std::string_view kKind = "service";
constexpr std::size_t kMaxIdBytes = 200;
constexpr std::size_t kMaxBytes = 256 * 1024;

std::string sealName(const std::string& serviceId) { return "service " + serviceId; }

}  // namespace

ServiceConfiguration::ServiceConfiguration(store::Store& store, const Sealer& sealer)
    : store_(store), sealer_(sealer), all_(std::make_shared<const All>()) {}

base::Status ServiceConfiguration::load() {
  std::vector<std::pair<std::string, std::string>> rows;
  auto status = store_.read([&rows](store::Transaction& tx) { rows = tx.settings().all(kKind); });
  if (!status) {
    return status;
  }
  auto all = std::make_shared<All>();
  for (const auto& [serviceId, text] : rows) {
    const auto sealed = json::parseOwn(text);
    auto plain = sealer_.unseal(sealed.as_string(), sealName(serviceId));
    if (!plain) {
      return base::fail(plain.error().code, "The configuration of service " + serviceId +
                                                " cannot be opened with this server's key. "
                                                "Start with the key it was written with.");
    }
    (*all)[serviceId] = json::parseOwn(*plain).as_object();
  }
  const std::lock_guard lock(mutex_);
  all_ = std::move(all);
  return {};
}

std::shared_ptr<const ServiceConfiguration::All> ServiceConfiguration::snapshot() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

boost::json::object ServiceConfiguration::get(std::string_view serviceId) const {
  const auto all = snapshot();
  const auto found = all->find(serviceId);
  return found == all->end() ? json::object() : found->second;
}

bool ServiceConfiguration::has(std::string_view serviceId) const {
  const auto all = snapshot();
  return all->find(serviceId) != all->end();
}

std::vector<std::string> ServiceConfiguration::ids() const {
  std::vector<std::string> ids;
  for (const auto& [serviceId, settings] : *snapshot()) {
    ids.push_back(serviceId);
  }
  return ids;
}

base::Status ServiceConfiguration::put(const std::string& serviceId, json::object settings,
                                       const store::Unit& also) {
  if (serviceId.empty() || serviceId.size() > kMaxIdBytes) {
    return base::fail(base::Code::kInvalid, "\"serviceId\" must be a text of 1 to 200 bytes.");
  }
  json::eraseKey(settings, "serviceId");
  const std::string plain = json::write(settings);
  if (plain.size() > kMaxBytes) {
    return base::fail(base::Code::kTooLarge, "A service's configuration is 256 KiB at most.");
  }
  const std::string text = json::write(json::value(sealer_.seal(plain, sealName(serviceId))));
  const std::lock_guard writing(writing_);
  auto status = store_.write([&](store::Transaction& tx) -> base::Status {
    tx.settings().put(kKind, serviceId, text);
    return also ? also(tx) : base::Status();
  });
  if (status) {
    auto all = std::make_shared<All>(*snapshot());
    (*all)[serviceId] = std::move(settings);
    publish(std::move(all), serviceId);
  }
  return status;
}

base::Status ServiceConfiguration::erase(const std::string& serviceId, const store::Unit& also) {
  const std::lock_guard writing(writing_);
  auto all = std::make_shared<All>(*snapshot());
  if (all->erase(serviceId) == 0) {
    return base::fail(base::Code::kNotFound, "Service " + serviceId + " has no configuration.");
  }
  auto status = store_.write([&](store::Transaction& tx) -> base::Status {
    tx.settings().erase(kKind, serviceId);
    return also ? also(tx) : base::Status();
  });
  if (status) {
    publish(std::move(all), serviceId);
  }
  return status;
}

void ServiceConfiguration::publish(std::shared_ptr<const All> all, const std::string& serviceId) {
  std::vector<std::function<void(const std::string&)>> told;
  {
    const std::lock_guard lock(mutex_);
    all_ = std::move(all);
    told = told_;
  }
  for (const auto& tell : told) {
    tell(serviceId);
  }
}

void ServiceConfiguration::onChange(std::function<void(const std::string&)> told) {
  const std::lock_guard lock(mutex_);
  told_.push_back(std::move(told));
}

}  // namespace patchbay::accounts
