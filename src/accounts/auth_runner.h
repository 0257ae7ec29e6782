// Runs operations of a connector's auth.js in its worker (protocol/README.md, method "auth").
//
// Threads: start from any thread, `told` on the engine loop, exactly once. run blocks: never on the engine loop.
// Errors: kInvalid what the module said; kWorkerLost, kDeadline, kQuarantined, kUnavailable: try again later.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include "base/executor.h"
#include "base/result.h"
#include "connectors/revision.h"
#include "runtime/runtime.h"

namespace patchbay::accounts {

struct AuthRequest {
  std::shared_ptr<const connectors::Revision> revision;
  std::string dir;      // folder of auth.js below the revision's root
  std::string service;  // vendor:service[:module]
  std::string op;       // validate, profile, accountName
  boost::json::object data;    // the account's fields
  boost::json::object config;  // of the service
  std::optional<boost::json::value> profileInfo;
};

class AuthRunner {
 public:
  using Told = std::function<void(base::Result<boost::json::value>)>;
  virtual ~AuthRunner() = default;
  virtual void start(AuthRequest request, Told told) = 0;
  virtual base::Result<boost::json::value> run(AuthRequest request) = 0;
};

// `runtime` and `loop` must outlive it; stop the loop first.
std::unique_ptr<AuthRunner> makeAuthRunner(runtime::Runtime& runtime, base::Executor& loop);

}  // namespace patchbay::accounts
