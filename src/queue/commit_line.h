// Units of work of the loop on their way to the commit thread: what is submitted in one turn goes as one unit, in order (decision 11).
//
// Threads: the engine loop; units run on the store's commit thread, outcomes come back to the loop.
// Errors: a group that fails is undone as a whole, then each unit of it runs again alone, so that a bad one takes nobody with it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/executor.h"
#include "store/store.h"

namespace patchbay::queue {

class CommitLine {
 public:
  using Done = std::function<void(const base::Status&)>;

  enum class Tries : std::uint8_t {
    kOnce,        // its effects reach outside the store: it never runs twice
    kRepeatable,  // may run again after it was undone; a failure is told
    kSurely,      // repeatable, and tried again until it commits
  };

  // `afterGroup` is called when all outcomes of a group have been told.
  CommitLine(store::Store& store, base::Executor& loop, std::function<void()> afterGroup)
      : store_(store), loop_(loop), afterGroup_(std::move(afterGroup)) {}

  void submit(store::Unit unit, Tries tries, Done done);

 private:
  struct Entry {
    store::Unit unit;
    Tries tries;
    Done done;
  };
  using EntryPtr = std::shared_ptr<Entry>;
  using Group = std::vector<EntryPtr>;

  void add(EntryPtr entry);
  void flush();
  void send(Group entries);
  void committed(const Group& group, const base::Status& status);
  void tell(const EntryPtr& entry, const base::Status& status);

  store::Store& store_;
  base::Executor& loop_;
  std::function<void()> afterGroup_;
  Group pending_;  // submitted in this turn
};

}  // namespace patchbay::queue
