// All counters of quota rules, in memory and in the store.
//
// A grant is committed before its call is made, so that a server that dies knows of every call it
// may have made: no window ever holds more than its limit, over a restart too. What is granted in
// one turn of the loop is one unit.
// Kept under settings "quota usage", one row a counter that is in use.
// Memory: counters whose windows are empty are dropped.
// Threads: the engine loop; open() before it runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/parts.h"
#include "engine/quota/windows.h"

namespace patchbay::engine {

struct QuotaCounter {
  QuotaCounter(std::string counterName, const QuotaRule& rule)
      : name(std::move(counterName)),
        throttling(rule.throttling),
        window(rule.throttling, rule.window) {}

  // What lanes that wait for it are blocked by.
  std::string gate() const { return "quota:" + name; }

  const std::string name;
  const Throttling throttling;
  QuotaWindow window;
  bool waitedFor = false;     // lanes wait for room
  std::int64_t armedFor = 0;  // ms; when they are let on; 0 = no timer
  base::TimerId timer = 0;
  bool asking = false;  // the start of its next window is being asked for
  bool dirty = false;   // to be written
};
using QuotaCounterPtr = std::shared_ptr<QuotaCounter>;

class QuotaCounters {
 public:
  explicit QuotaCounters(Parts& parts) : parts_(parts) {}
  base::Status open();

  QuotaCounterPtr get(const std::string& name, const QuotaRule& rule);
  // It has changed: written with the next commit.
  void changed(const QuotaCounterPtr& counter);
  // All changes until now are to be committed; `told` with how that went, on the loop.
  void commit(std::function<void(const base::Status&)> told);

  // Lanes wait for it, until `at` when that is known.
  void waitFor(const QuotaCounterPtr& counter, std::optional<std::int64_t> at);
  // There may be room now.
  void free(const QuotaCounterPtr& counter);
  std::size_t size() const { return counters_.size(); }

 private:
  using Rows = std::vector<std::pair<std::string, std::string>>;  // name, JSON; empty JSON = none
  void flush();
  void sweep(Rows& rows);

  Parts& parts_;
  std::unordered_map<std::string, QuotaCounterPtr> counters_;
  std::vector<QuotaCounterPtr> changed_;
  std::vector<std::function<void(const base::Status&)>> told_;
  bool posted_ = false;
  std::size_t sweepAt_ = 1024;
};

}  // namespace patchbay::engine
