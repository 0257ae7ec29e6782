// Runs code of a quota.js in a connector's worker (protocol/README.md, method "quota"): never in
// the engine's own process.
//
// Threads: the engine loop; `told` on it too, exactly once.
// Ownership: a call keeps itself until it has ended; `runtime` and `loop` must outlive it.
// Errors: kInvalid what the code said; kWorkerLost, kDeadline, kUnavailable: try again later.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/executor.h"
#include "base/result.h"
#include "runtime/runtime.h"

namespace patchbay::engine {

struct QuotaQuestion {
  std::shared_ptr<const runtime::WorkerSpec> worker;
  std::string op;        // rules, nextWindow
  std::string dir;       // folder of quota.js below the revision's root
  std::string source;    // text in place of that file; empty = the file
  std::size_t rule = 0;  // for nextWindow
};

void askQuotaCode(runtime::Runtime& runtime, base::Executor& loop, QuotaQuestion question,
                  std::function<void(base::Result<boost::json::value>)> told);

}  // namespace patchbay::engine
