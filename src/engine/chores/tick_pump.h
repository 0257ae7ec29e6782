// Ticks: calls tick() of every polling component of a running flow once a period (R8: TICK_PERIOD, or its manifest's own).
//
// The first tick comes right after the start; after a restart of the server the ticks of all flows are spread over their period. A tick
// that still waits or runs when the next is due makes that one skip; so does a disk whose reserve is spent, since a tick brings new
// messages. Threads: the engine loop.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/parts.h"

namespace patchbay::engine {

struct Polling {
  std::string componentId;
  std::int64_t periodMs = 0;  // 0 = TICK_PERIOD
};

class TickPump {
 public:
  explicit TickPump(Parts& parts) : parts_(parts) {}
  void add(const std::string& flowId, std::int64_t runId, const std::vector<Polling>& components, bool spread);
  void remove(const std::string& flowId);
  void stop();
  std::size_t size() const { return byDue_.size(); }

 private:
  struct Entry {
    std::string flowId, componentId;
    std::int64_t runId = 0;
    std::int64_t period = 0;
    std::int64_t lastTick = 0;
    bool underWay = false;
    bool removed = false;
  };
  using EntryPtr = std::shared_ptr<Entry>;
  void arm();
  void run();
  void wake(const EntryPtr& entry, std::int64_t now);

  Parts& parts_;
  std::multimap<std::int64_t, EntryPtr> byDue_;  // ms
  std::unordered_map<std::string, std::vector<EntryPtr>> byFlow_;
  base::TimerId timer_ = 0;
  std::int64_t armedFor_ = 0;
  bool stopped_ = false;
};

}  // namespace patchbay::engine
