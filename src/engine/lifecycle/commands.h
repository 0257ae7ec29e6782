// Commands over flows, one at a time per flow, and what became of the last one (rest-api §8.6, §8.7).
//
// Threads: status() is safe from any thread, the rest on the engine loop.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "flows/coordinator.h"

namespace patchbay::engine {

class Commands {
 public:
  using Told = flows::Coordinator::Told;
  // Null when another command of this flow is in progress; else wraps `told` so that the end is noted.
  Told begin(const std::string& flowId, Told told);
  bool inProgress(const std::string& flowId) const;
  // Runs `work` when the flow's command in progress, if any, is over.
  void after(const std::string& flowId, std::function<void()> work);
  std::optional<flows::CommandStatus> status(const std::string& flowId) const;

 private:
  void end(const std::string& flowId, const base::Status& status);

  static constexpr std::size_t kRemembered = 20'000;
  mutable std::mutex mutex_;
  std::map<std::string, flows::CommandStatus> last_;
  std::multimap<std::string, std::function<void()>> waiting_;
};

}  // namespace patchbay::engine
