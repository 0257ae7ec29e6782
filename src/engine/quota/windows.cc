#include "engine/quota/windows.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kExactLimit = 256;

std::int64_t grain(std::int64_t window, std::int64_t limit) {
  return limit <= kExactLimit ? 1 : std::max<std::int64_t>(1, window / kExactLimit);
}

std::int64_t roundUp(std::int64_t time, std::int64_t to) {
  return (time + to - 1) / to * to;
}

}  // namespace

void QuotaWindow::forgetPast(std::int64_t now) {
  while (!calls_.empty() && calls_.front().until <= now) {
    counted_ -= calls_.front().number;
    calls_.pop_front();
  }
  // The clock was set back: nothing lasts longer than a window from now on.
  const std::int64_t latest = now + 2 * window_ + 1;
  if (throttling_ == Throttling::kSliding && !calls_.empty() && calls_.back().until > latest) {
    const std::deque<Calls> before = std::exchange(calls_, {});
    counted_ = 0;
    for (const Calls& calls : before) {
      add(std::min(calls.until, now + window_), calls.number);
    }
  }
}

void QuotaWindow::add(std::int64_t until, std::int64_t number) {
  counted_ += number;
  auto at = calls_.end();
  while (at != calls_.begin() && std::prev(at)->until > until) {
    --at;
  }
  if (at != calls_.begin() && std::prev(at)->until == until) {
    std::prev(at)->number += number;
  } else {
    calls_.insert(at, {until, number});
  }
}

void QuotaWindow::begun(std::int64_t now, std::int64_t limit) {
  --granted_;
  switch (throttling_) {
    case Throttling::kConcurrency:
      break;
    case Throttling::kSliding:
      // `now` is cut to the millisecond: the call may have begun up to one later.
      add(roundUp(now + 1 + window_, grain(window_, limit)), 1);
      break;
    case Throttling::kFixed:
      if (nextWindow_ > now) {
        add(nextWindow_, 1);
      } else {
        ++unplaced_;
      }
  }
}

void QuotaWindow::setNextWindow(std::int64_t start, std::int64_t now) {
  length_ = std::max(length_, start - now);
  nextWindow_ = start;
  if (unplaced_ > 0) {
    add(start, std::exchange(unplaced_, 0));
  }
}

std::int64_t QuotaWindow::used(std::int64_t now) {
  forgetPast(now);
  return counted_ + granted_ + unplaced_;
}

std::optional<std::int64_t> QuotaWindow::timeOf(std::int64_t nth, std::int64_t limit,
                                                std::int64_t now) {
  const std::int64_t missing = used(now) + nth - limit;  // places that must become free first
  if (wantsNextWindow(now)) {
    return std::nullopt;
  }
  if (missing <= 0) {
    return now;
  }
  if (throttling_ == Throttling::kConcurrency) {
    return std::nullopt;
  }
  const std::int64_t rounds = (missing - 1) / limit;
  const std::int64_t place =
      (missing - 1) % limit + 1;  // the so many-th of the taken places to become free
  const std::int64_t length = std::max({window_, length_, std::int64_t{1}});
  std::int64_t passed = 0;
  for (const Calls& calls : calls_) {
    passed += calls.number;
    if (passed >= place) {
      return calls.until + rounds * length;
    }
  }
  // A place of a call that has not begun: as if it did now.
  const std::int64_t first = throttling_ == Throttling::kFixed ? nextWindow_ : now + 1 + window_;
  return first + rounds * length;
}

std::string QuotaWindow::write() const {
  json::array calls;
  for (const Calls& entry : calls_) {
    calls.push_back(json::array{entry.until, entry.number});
  }
  return json::write(json::object{{"calls", std::move(calls)}, {"granted", granted_ + unplaced_}});
}

void QuotaWindow::read(std::string_view text, std::int64_t now) {
  const json::value document = json::parseOwn(text);
  const json::object& from = document.as_object();
  for (const json::value& entry : json::getArray(from, "calls")) {
    const std::int64_t until = entry.as_array().at(0).to_number<std::int64_t>();
    if (until > now) {
      add(until, entry.as_array().at(1).to_number<std::int64_t>());
      nextWindow_ = throttling_ == Throttling::kFixed ? until : 0;
    }
  }
  for (std::int64_t left = json::getInt(from, "granted").value_or(0); left > 0; --left) {
    ++granted_;
    begun(now, 1);
  }
}

}  // namespace patchbay::engine
