// Units of work of the loop on their way to the commit thread: what is submitted in one turn goes as one unit (decision 11), and what
// follows a failure waits for it (decision 49).
//
// Order: units commit in the order submitted. A unit whose failure is told is out of it. One that is tried until it commits (kSurely) and
// fails is put aside for a while, and all of this kind that belong to the same flow wait behind it; others overtake.
// Threads: the engine loop; units run on the store's commit thread, outcomes come back to the loop.
// Errors: a group that fails is undone as a whole, then each unit of it runs again alone, so that a bad one takes nobody with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
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

  // `flowId`: whose it is, empty = nobody's: it waits behind nothing that was put aside.
  void submit(store::Unit unit, Tries tries, std::string flowId, Done done);
  // Nothing has failed of late.
  bool isSound() const { return !isBroken() && alone_ == 0 && aside_.empty(); }

 private:
  struct Entry {
    store::Unit unit;
    Tries tries;
    std::string flowId;
    Done done;
  };
  using EntryPtr = std::shared_ptr<Entry>;
  struct Group {
    std::vector<EntryPtr> entries;
    std::uint64_t attempt = 0;
    bool refused = false;  // it did not run: one before it had failed. Written on the commit thread before the outcome

    // Whoever comes after must not be stored before it is.
    bool mustStand() const { return entries.size() > 1 || entries.front()->tries == Tries::kSurely; }
  };
  using GroupPtr = std::shared_ptr<Group>;

  bool isBroken() const;
  void goOnLater();
  void goOn();
  void sendGroups();
  void sendNextAlone();
  void send(std::vector<EntryPtr> entries);
  void committed(const GroupPtr& group, const base::Status& status);
  void failed(const GroupPtr& group, const base::Status& status);
  bool waitsBehind(const Entry& entry) const;
  void putAside(EntryPtr entry);
  void takeBack();

  store::Store& store_;
  base::Executor& loop_;
  std::function<void()> afterGroup_;
  std::deque<EntryPtr> line_;       // not sent yet
  std::size_t alone_ = 0;           // so many of them, from the front, are sent one at a time
  std::vector<EntryPtr> returned_;  // sent, and to be sent again before line_
  std::vector<EntryPtr> aside_;     // for a while
  std::unordered_map<std::string, std::size_t> asideOf_;  // how many, by flow
  std::size_t underWay_ = 0;        // groups
  bool isPosted_ = false;
  // Groups of this attempt and of those before are refused by the commit thread, since one of them has failed.
  std::shared_ptr<std::atomic<std::uint64_t>> broken_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::uint64_t attempt_ = 1;
};

}  // namespace patchbay::queue
