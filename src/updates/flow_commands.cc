#include "updates/flow_commands.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace patchbay::updates {

namespace {

// Outlives the call: a command may tell when nobody waits any more.
struct Answers {
  std::mutex mutex;
  std::condition_variable told;
  std::deque<std::pair<std::string, base::Status>> ended;  // under mutex
};

}  // namespace

void forEachFlow(const std::vector<std::string>& flowIds, std::size_t atOnce,
                 const FlowCommand& command, const FlowEnded& ended,
                 const std::function<bool()>& mayGoOn) {
  const auto answers = std::make_shared<Answers>();
  auto next = flowIds.begin();
  std::size_t underWay = 0;
  while (true) {
    while (next != flowIds.end() && underWay < atOnce && mayGoOn()) {
      const std::string& flowId = *next++;
      ++underWay;
      command(flowId, [answers, flowId](base::Status status) {
        const std::lock_guard lock(answers->mutex);
        answers->ended.emplace_back(flowId, std::move(status));
        answers->told.notify_one();
      });
    }
    if (underWay == 0) {
      return;
    }
    std::unique_lock lock(answers->mutex);
    answers->told.wait(lock, [&] { return !answers->ended.empty(); });
    const auto [flowId, status] = std::move(answers->ended.front());
    answers->ended.pop_front();
    lock.unlock();
    --underWay;
    ended(flowId, status);
  }
}

}  // namespace patchbay::updates
