// Asks the static calls of `source`s for the fields of ports (rest-api §15), some at once, with a
// short memory.
//
// Threads: ask() on a thread that may block, kPatience at most; what comes later is remembered for
// the next time. Ownership: must outlive the calls it has begun, so it lives as long as the engine.
// Bounds: kAtOnce calls of one ask(), kRemembered answers, and kMostWaiting who wait: the next get
// what is remembered at once, so that slow components cannot take all request threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/static_calls.h"
#include "flows/source_call.h"

namespace patchbay::engine {

class SourceLookups {
 public:
  static constexpr base::Millis kPatience{8'000};
  static constexpr base::Millis kFresh{60'000};
  static constexpr std::size_t kAtOnce = 5;
  static constexpr std::size_t kMostWaiting = 4;
  static constexpr std::size_t kRemembered = 1'000;
  static constexpr std::size_t kLargestRemembered = 64 * 1024;

  SourceLookups(StaticCalls& calls, const base::Clock& clock);

  struct Flow {
    std::string flowId, userId;
    std::int64_t version = 0;
  };
  // Raw JSON each, in the order asked. `remembered`: an answer younger than kFresh will do.
  std::vector<base::Result<std::string>> ask(const Flow& flow,
                                             const std::vector<flows::SourceCall>& calls,
                                             bool remembered);

 private:
  struct Memory;
  std::vector<base::Result<std::string>> ask(const Flow& flow,
                                             const std::vector<flows::SourceCall>& calls,
                                             bool remembered, base::Millis patience);
  StaticCalls& calls_;
  const base::Clock& clock_;
  std::shared_ptr<Memory> memory_;
  std::counting_semaphore<kMostWaiting> waiting_{kMostWaiting};
};

}  // namespace patchbay::engine
