#include "connectors/registry.h"

#include <algorithm>

namespace patchbay::connectors {

Found Registry::find(std::string_view type) const {
  const std::lock_guard lock(mutex_);
  const auto at = types_.find(type);
  return at == types_.end() ? Found() : at->second;
}

Found Registry::findIn(std::string_view revision, std::string_view type) const {
  auto holder = byId(revision);
  const Component* component = holder ? holder->find(type) : nullptr;
  return component ? Found{std::move(holder), component} : Found();
}

std::shared_ptr<const Revision> Registry::current(std::string_view bundle) const {
  const std::lock_guard lock(mutex_);
  const auto at = current_.find(bundle);
  return at == current_.end() ? nullptr : revisions_.at(at->second);
}

std::shared_ptr<const Revision> Registry::byId(std::string_view revision) const {
  const std::lock_guard lock(mutex_);
  const auto at = revisions_.find(revision);
  return at == revisions_.end() ? nullptr : at->second;
}

std::vector<std::shared_ptr<const Revision>> Registry::allCurrent() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const Revision>> all;
  all.reserve(current_.size());
  for (const auto& [bundle, revision] : current_) {
    all.push_back(revisions_.at(revision));
  }
  return all;
}

std::vector<std::shared_ptr<const Revision>> Registry::allOf(std::string_view bundle) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const Revision>> all;
  for (const auto& [id, revision] : revisions_) {
    if (revision->bundle == bundle) {
      all.push_back(revision);
    }
  }
  return all;
}

const AuthModule* Registry::findAuth(std::string_view service,
                                     std::shared_ptr<const Revision>& holder) const {
  const std::lock_guard lock(mutex_);
  auto at = auths_.find(service);
  const std::size_t vendorEnd = service.find(':');
  const std::size_t serviceEnd =
      vendorEnd == std::string_view::npos ? vendorEnd : service.find(':', vendorEnd + 1);
  if (at == auths_.end() && serviceEnd != std::string_view::npos) {
    at = auths_.find(service.substr(0, serviceEnd));
  }
  if (at == auths_.end()) {
    return nullptr;
  }
  holder = at->second.holder;
  return at->second.module;
}

void Registry::add(std::shared_ptr<const Revision> revision) {
  const std::lock_guard lock(mutex_);
  const std::string id = revision->id;
  revisions_[id] = std::move(revision);
  if (std::find(order_.begin(), order_.end(), id) != order_.end()) {
    reindex();
  }
}

void Registry::setCurrent(const std::string& revision) {
  std::string bundle;
  {
    const std::lock_guard lock(mutex_);
    const auto at = revisions_.find(revision);
    if (at == revisions_.end()) {
      return;
    }
    bundle = at->second->bundle;
    forgetCurrent(bundle);
    current_[bundle] = revision;
    order_.push_back(revision);
    reindex();
  }
  tell(bundle);
}

void Registry::clearCurrent(const std::string& bundle) {
  {
    const std::lock_guard lock(mutex_);
    if (!current_.contains(bundle)) {
      return;
    }
    forgetCurrent(bundle);
    reindex();
  }
  tell(bundle);
}

void Registry::drop(const std::string& revision) {
  std::string bundle;
  {
    const std::lock_guard lock(mutex_);
    const auto at = revisions_.find(revision);
    if (at == revisions_.end()) {
      return;
    }
    const auto held = current_.find(at->second->bundle);
    if (held != current_.end() && held->second == revision) {
      bundle = at->second->bundle;
      forgetCurrent(bundle);
    }
    revisions_.erase(at);
    reindex();
  }
  if (!bundle.empty()) {
    tell(bundle);
  }
}

void Registry::onChange(std::function<void(const std::string& bundle)> told) {
  const std::lock_guard lock(mutex_);
  told_.push_back(std::move(told));
}

void Registry::forgetCurrent(const std::string& bundle) {
  const auto at = current_.find(bundle);
  if (at != current_.end()) {
    std::erase(order_, at->second);
    current_.erase(at);
  }
}

void Registry::reindex() {
  types_.clear();
  auths_.clear();
  for (const std::string& id : order_) {
    const auto& revision = revisions_.at(id);
    for (const Component& component : revision->components) {
      types_[component.name] = {revision, &component};
    }
    for (const AuthModule& module : revision->auths) {
      auths_[module.service] = {revision, &module};
    }
  }
}

void Registry::tell(const std::string& bundle) const {
  std::vector<std::function<void(const std::string&)>> told;
  {
    const std::lock_guard lock(mutex_);
    told = told_;
  }
  for (const auto& hear : told) {
    hear(bundle);
  }
}

}  // namespace patchbay::connectors
