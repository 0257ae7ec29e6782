#include "engine/quota/counters.h"

#include <algorithm>

#include "base/log.h"
#include "store/settings.h"

namespace patchbay::engine {

namespace {
constexpr std::string_view kKind = "quota usage";
}  // namespace

base::Status QuotaCounters::open() {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  return parts_.store.read([&](store::Transaction& tx) {
    for (const auto& [name, text] : tx.settings().all(kKind)) {
      if (const auto rule = ruleOfCounter(name)) {
        const QuotaCounterPtr counter = get(name, *rule);
        counter->window.read(text, now);
        changed(counter);  // calls that were granted now have their time; rows of the past go
      }
    }
  });
}

QuotaCounterPtr QuotaCounters::get(const std::string& name, const QuotaRule& rule) {
  QuotaCounterPtr& counter = counters_[name];
  if (counter == nullptr) {
    counter = std::make_shared<QuotaCounter>(name, rule);
  }
  return counter;
}

void QuotaCounters::changed(const QuotaCounterPtr& counter) {
  if (!counter->dirty &&
      counter->throttling != Throttling::kConcurrency) {  // nothing runs any more after a restart
    counter->dirty = true;
    changed_.push_back(counter);
  }
}

void QuotaCounters::commit(std::function<void(const base::Status&)> told) {
  told_.push_back(std::move(told));
  if (!posted_) {
    posted_ = true;
    parts_.loop.post([this] { flush(); });
  }
}

void QuotaCounters::sweep(Rows& rows) {
  const std::int64_t now = base::toMillis(parts_.clock.now());
  std::erase_if(counters_, [&](const auto& entry) {
    const QuotaCounterPtr& counter = entry.second;
    if (counter->waitedFor || counter->asking || !counter->window.idle(now)) {
      return false;
    }
    rows.emplace_back(counter->name, "");
    return true;
  });
  sweepAt_ = std::max<std::size_t>(1024, 2 * counters_.size());
}

void QuotaCounters::flush() {
  posted_ = false;
  const std::int64_t now = base::toMillis(parts_.clock.now());
  Rows rows;
  for (const QuotaCounterPtr& counter : std::exchange(changed_, {})) {
    counter->dirty = false;
    rows.emplace_back(counter->name,
                      counter->window.idle(now) ? std::string() : counter->window.write());
  }
  if (counters_.size() >= sweepAt_) {
    sweep(rows);
  }
  auto told = std::make_shared<std::vector<std::function<void(const base::Status&)>>>(
      std::exchange(told_, {}));
  const auto tell = [told](const base::Status& status) {
    for (const auto& one : *told) {
      one(status);
    }
  };
  if (rows.empty()) {
    tell(base::Status());
    return;
  }
  parts_.store.submit(
      [rows = std::move(rows)](store::Transaction& tx) {
        for (const auto& [name, text] : rows) {
          if (text.empty()) {
            tx.settings().erase(kKind, name);
          } else {
            tx.settings().put(kKind, name, text);
          }
        }
        return base::Status();
      },
      [this, tell](base::Status status) {
        parts_.loop.post([tell, status = std::move(status)] {
          if (!status) {
            spdlog::error("quota usage could not be written: {}", status.error().message);
          }
          tell(status);
        });
      });
}

void QuotaCounters::waitFor(const QuotaCounterPtr& counter, std::optional<std::int64_t> at) {
  counter->waitedFor = true;
  if (!at || (counter->armedFor != 0 && counter->armedFor <= *at)) {
    return;
  }
  if (counter->armedFor != 0) {
    parts_.loop.cancel(counter->timer);
  }
  counter->armedFor = *at;
  const std::int64_t wait = std::max<std::int64_t>(1, *at - base::toMillis(parts_.clock.now()));
  counter->timer = parts_.loop.after(base::Millis(wait), [this, counter] {
    counter->armedFor = 0;
    free(counter);
  });
}

void QuotaCounters::free(const QuotaCounterPtr& counter) {
  if (counter->waitedFor) {
    counter->waitedFor = false;
    parts_.queue.unblock(counter->gate());
  }
}

}  // namespace patchbay::engine
