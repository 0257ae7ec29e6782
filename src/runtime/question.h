// One question to the code of a connector, answered with a JSON value: no host calls, no messages (protocol/README.md: auth, quota).
//
// Threads: ask from any thread; `told` on the loop, exactly once. Ownership: a question keeps itself until it is answered; the runtime and
// the loop must outlive it. Errors: kInvalid what the code said; kUnavailable (no place in a worker), kDeadline, kWorkerLost: try again later.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/json/value.hpp>

#include "base/executor.h"
#include "base/result.h"
#include "runtime/runtime.h"

namespace patchbay::runtime {

// How long a question waits for a place in a worker.
inline constexpr base::Millis kWaitForPlace{15'000};

struct Question {
  std::shared_ptr<const WorkerSpec> worker;
  std::string members;  // as Invocation::members
  base::Millis deadline{0};
  std::string what;     // for people: "The connector's auth.js"
};

void ask(Runtime& runtime, base::Executor& loop, Question question, std::function<void(base::Result<boost::json::value>)> told);

}  // namespace patchbay::runtime
