// Makes scheduled messages (timers, retries) ready when their time has come. One timer of the loop, set to the earliest row.
//
// Threads: the engine loop.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/parts.h"

namespace patchbay::engine {

class TimerPump {
 public:
  explicit TimerPump(Parts& parts) : parts_(parts) {}
  // A row was scheduled for `dueAt` (ms).
  void scheduled(std::int64_t dueAt);
  void start() { scheduled(0); }
  void stop();

 private:
  void run();

  Parts& parts_;
  std::optional<std::int64_t> armedFor_;
  base::TimerId timer_ = 0;
  bool running_ = false;
  bool stopped_ = false;
};

}  // namespace patchbay::engine
