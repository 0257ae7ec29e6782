#include "queue/commit_line.h"

#include <iterator>
#include <utility>

#include "base/log.h"

namespace patchbay::queue {

namespace {
constexpr base::Millis kTryAgain{1000};
}  // namespace

void CommitLine::submit(store::Unit unit, Tries tries, std::string flowId, Done done) {
  line_.push_back(std::make_shared<Entry>(Entry{std::move(unit), tries, std::move(flowId), std::move(done)}));
  goOnLater();
}

void CommitLine::goOnLater() {
  if (!std::exchange(isPosted_, true)) {
    loop_.post([this] {
      isPosted_ = false;
      goOn();
    });
  }
}

bool CommitLine::isBroken() const { return broken_->load(std::memory_order_relaxed) >= attempt_ || !returned_.empty(); }

// After a failure nothing is sent until all that was under way has come back: what was refused goes first.
void CommitLine::goOn() {
  if (isBroken()) {
    if (underWay_ > 0) {
      return;
    }
    ++attempt_;
    alone_ += returned_.size();
    line_.insert(line_.begin(), std::make_move_iterator(returned_.begin()), std::make_move_iterator(returned_.end()));
    returned_.clear();
  }
  if (alone_ > 0) {
    sendNextAlone();
  } else {
    sendGroups();
  }
}

void CommitLine::sendNextAlone() {
  while (alone_ > 0 && underWay_ == 0) {
    EntryPtr entry = std::move(line_.front());
    line_.pop_front();
    --alone_;
    if (waitsBehind(*entry)) {
      putAside(std::move(entry));
    } else {
      send({std::move(entry)});
    }
  }
  if (underWay_ == 0) {
    sendGroups();
  }
}

// Groups of units that may run again; one that may not goes alone.
void CommitLine::sendGroups() {
  std::vector<EntryPtr> group;
  for (EntryPtr& entry : std::exchange(line_, {})) {
    if (waitsBehind(*entry)) {
      putAside(std::move(entry));
    } else if (entry->tries != Tries::kOnce) {
      group.push_back(std::move(entry));
    } else {
      if (!group.empty()) {
        send(std::exchange(group, {}));
      }
      send({std::move(entry)});
    }
  }
  if (!group.empty()) {
    send(std::move(group));
  }
}

void CommitLine::send(std::vector<EntryPtr> entries) {
  ++underWay_;
  auto group = std::make_shared<Group>(Group{std::move(entries), attempt_});
  const auto fail = [group, broken = broken_] {
    if (group->mustStand()) {
      broken->store(group->attempt, std::memory_order_relaxed);
    }
  };
  store_.submit(
      [group, fail, broken = broken_](store::Transaction& tx) {
        if (broken->load(std::memory_order_relaxed) >= group->attempt) {
          group->refused = true;
          return base::Status(base::fail(base::Code::kStoreFailed, "A commit before this one failed."));
        }
        try {
          for (const EntryPtr& entry : group->entries) {
            if (base::Status status = entry->unit(tx); !status) {
              fail();
              return status;
            }
          }
        } catch (...) {
          fail();
          throw;
        }
        return base::Status();
      },
      [this, group, fail](base::Status status) {
        if (!status) {
          fail();
        }
        loop_.post([this, group, status = std::move(status)] { committed(group, status); });
      });
}

void CommitLine::committed(const GroupPtr& group, const base::Status& status) {
  --underWay_;
  if (status) {
    for (const EntryPtr& entry : group->entries) {
      if (entry->done) {
        entry->done(status);
      }
    }
  } else {
    failed(group, status);
  }
  afterGroup_();
  if (isBroken() || alone_ > 0) {
    goOn();
  } else if (!line_.empty()) {
    goOnLater();
  }
}

void CommitLine::failed(const GroupPtr& group, const base::Status& status) {
  const EntryPtr& first = group->entries.front();
  if (group->refused || group->entries.size() > 1 || (first->tries == Tries::kSurely && !returned_.empty())) {
    returned_.insert(returned_.end(), group->entries.begin(), group->entries.end());
  } else if (first->tries == Tries::kSurely) {
    spdlog::error("a message could not be settled, trying again: {}", status.error().message);
    putAside(first);
  } else if (first->done) {
    first->done(status);
  }
}

bool CommitLine::waitsBehind(const Entry& entry) const {
  return !asideOf_.empty() && entry.tries == Tries::kSurely && asideOf_.contains(entry.flowId);
}

void CommitLine::putAside(EntryPtr entry) {
  if (aside_.empty()) {
    loop_.after(kTryAgain, [this] { takeBack(); });
  }
  if (!entry->flowId.empty()) {
    ++asideOf_[entry->flowId];
  }
  aside_.push_back(std::move(entry));
}

// Before all that is not stored: of one flow they are the older ones.
void CommitLine::takeBack() {
  std::vector<EntryPtr> back = std::exchange(aside_, {});
  asideOf_.clear();
  if (isBroken() || alone_ > 0) {
    returned_.insert(returned_.begin(), std::make_move_iterator(back.begin()), std::make_move_iterator(back.end()));
  } else {
    line_.insert(line_.begin(), std::make_move_iterator(back.begin()), std::make_move_iterator(back.end()));
  }
  goOnLater();
}

}  // namespace patchbay::queue
