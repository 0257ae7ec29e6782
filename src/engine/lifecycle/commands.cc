#include "engine/lifecycle/commands.h"

#include <vector>

namespace patchbay::engine {

Commands::Told Commands::begin(const std::string& flowId, Told told) {
  {
    const std::lock_guard lock(mutex_);
    flows::CommandStatus& status = last_[flowId];
    if (status.status == "in-progress") {
      return {};
    }
    status = {"in-progress", 0, 1, ""};
  }
  return [this, flowId, told = std::move(told)](const base::Status& status) {
    end(flowId, status);
    told(status);
  };
}

void Commands::end(const std::string& flowId, const base::Status& status) {
  std::vector<std::function<void()>> next;
  {
    const std::lock_guard lock(mutex_);
    last_[flowId] = status ? flows::CommandStatus{"completed", 1, 1, ""}
                           : flows::CommandStatus{"failed", 0, 1, status.error().message};
    const auto [from, to] = waiting_.equal_range(flowId);
    for (auto it = from; it != to; ++it) {
      next.push_back(std::move(it->second));
    }
    waiting_.erase(from, to);
    if (last_.size() > kRemembered) {
      std::erase_if(last_, [&](const auto& entry) { return entry.first != flowId && entry.second.status != "in-progress"; });
    }
  }
  for (const auto& work : next) {
    work();
  }
}

bool Commands::inProgress(const std::string& flowId) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(flowId);
  return found != last_.end() && found->second.status == "in-progress";
}

void Commands::after(const std::string& flowId, std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = last_.find(flowId);
    if (found != last_.end() && found->second.status == "in-progress") {
      waiting_.emplace(flowId, std::move(work));
      return;
    }
  }
  work();
}

std::optional<flows::CommandStatus> Commands::status(const std::string& flowId) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(flowId);
  return found == last_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace patchbay::engine
