// The probation load: runs a staged revision's code once, in a worker of its own, and says what
// came of each file (R12).
//
// Threads: inspect blocks; from any thread but the engine loop's.
// Errors: a file that does not load is an answer, not an error. kUnavailable: no worker could be
// had.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "connectors/revision.h"
#include "runtime/runtime.h"

namespace patchbay::connectors {

struct InspectionOrder {
  std::filesystem::path root;
  std::map<std::string, std::string> components, auths, quotas;  // name → folder below root
};

struct Inspection {
  std::map<std::string, std::string>
      componentErrors;  // name → why it does not load; empty = it does
  std::map<std::string, std::vector<std::string>> methods;  // of a component that loads: start, tick, …
  std::vector<AuthModule> auths;
  boost::json::object quotas;  // name → {rules:[…]} or {error}
  std::map<std::string, bool> usesScope;  // of a component that loads
  bool usesState = true, usesDescriptor = true;
};

class Inspector {
 public:
  virtual ~Inspector() = default;
  virtual base::Result<Inspection> inspect(const InspectionOrder& order) = 0;
  // Ends waiting; later calls fail at once. For the server's stop.
  virtual void stop() = 0;
};

class RuntimeInspector : public Inspector {
 public:
  RuntimeInspector(runtime::Runtime& runtime, base::Executor& loop,
                   base::Millis deadline = base::Millis(60'000))
      : runtime_(runtime), loop_(loop), deadline_(deadline) {}
  base::Result<Inspection> inspect(const InspectionOrder& order) override;
  void stop() override { stopped_ = true; }

 private:
  struct Answer;
  class Call;
  Answer run(const InspectionOrder& order, base::Millis deadline);
  base::Status divide(const InspectionOrder& order, Inspection& into, std::size_t depth);

  runtime::Runtime& runtime_;
  base::Executor& loop_;
  base::Millis deadline_;
  std::atomic<std::uint64_t> counter_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace patchbay::connectors
