#include "queue/commit_line.h"

#include <utility>

#include "base/log.h"

namespace patchbay::queue {

namespace {
constexpr base::Millis kTryAgain{1000};
}  // namespace

void CommitLine::submit(store::Unit unit, Tries tries, Done done) {
  add(std::make_shared<Entry>(Entry{std::move(unit), tries, std::move(done)}));
}

void CommitLine::add(EntryPtr entry) {
  pending_.push_back(std::move(entry));
  if (pending_.size() == 1) {
    loop_.post([this] { flush(); });
  }
}

// Groups of units that may run again; one that may not goes alone.
void CommitLine::flush() {
  Group group;
  for (EntryPtr& entry : std::exchange(pending_, {})) {
    if (entry->tries != Tries::kOnce) {
      group.push_back(std::move(entry));
      continue;
    }
    if (!group.empty()) {
      send(std::exchange(group, {}));
    }
    send({std::move(entry)});
  }
  if (!group.empty()) {
    send(std::move(group));
  }
}

void CommitLine::send(Group entries) {
  auto group = std::make_shared<const Group>(std::move(entries));
  store_.submit(
      [group](store::Transaction& tx) {
        for (const EntryPtr& entry : *group) {
          if (base::Status status = entry->unit(tx); !status) {
            return status;
          }
        }
        return base::Status();
      },
      [this, group](base::Status status) {
        loop_.post([this, group, status = std::move(status)] { committed(*group, status); });
      });
}

void CommitLine::committed(const Group& group, const base::Status& status) {
  if (!status && group.size() > 1) {
    for (const EntryPtr& entry : group) {  // all of it was undone: find out which of them fails
      send({entry});
    }
    return;
  }
  for (const EntryPtr& entry : group) {
    tell(entry, status);
  }
  afterGroup_();
}

void CommitLine::tell(const EntryPtr& entry, const base::Status& status) {
  if (!status && entry->tries == Tries::kSurely) {
    spdlog::error("a message could not be settled, trying again: {}", status.error().message);
    loop_.after(kTryAgain, [this, entry] { add(entry); });
    return;
  }
  if (entry->done) {
    entry->done(status);
  }
}

}  // namespace patchbay::queue
