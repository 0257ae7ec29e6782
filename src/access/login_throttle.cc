#include "access/login_throttle.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::access {

namespace {

constexpr int kPerName = 10;
constexpr int kPerAddress = 50;
constexpr base::Millis kWindow{std::chrono::minutes(5)};
constexpr std::size_t kMaxCounts = 20000;
constexpr std::size_t kMaxLoginBytes = 254;

std::string nameKey(std::string_view login, std::string_view address) {
  std::string key(login.substr(0, kMaxLoginBytes));
  for (char& c : key) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return "n" + std::string(address) + "\n" + key;
}

std::string addressKey(std::string_view address) { return "a" + std::string(address); }

}  // namespace

LoginThrottle::LoginThrottle(const base::Clock& clock) : clock_(clock) {}

base::Status LoginThrottle::checkOne(const std::string& key, int allowed) {
  const auto found = counts_.find(key);
  if (found == counts_.end()) {
    return {};
  }
  const base::Millis left = found->second.since + kWindow - clock_.now();
  if (left <= base::Millis(0)) {
    counts_.erase(found);
    return {};
  }
  if (found->second.failures < allowed) {
    return {};
  }
  const std::int64_t seconds = (left.count() + 999) / 1000;
  return base::fail(base::Code::kTooMany,
                    "Too many failed sign-ins. Try again in " + std::to_string(seconds) + " s.",
                    json::object{{"retryAfter", seconds}});
}

base::Status LoginThrottle::check(std::string_view login, std::string_view address) {
  const std::lock_guard lock(mutex_);
  auto status = checkOne(addressKey(address), kPerAddress);
  return status ? checkOne(nameKey(login, address), kPerName) : status;
}

void LoginThrottle::countOne(const std::string& key) {
  const base::Time now = clock_.now();
  Count& count = counts_[key];
  if (count.failures == 0 || now - count.since >= kWindow) {
    count = Count{0, now};
  }
  ++count.failures;
}

void LoginThrottle::failed(std::string_view login, std::string_view address) {
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= kMaxCounts) {
    sweep();
  }
  countOne(addressKey(address));
  countOne(nameKey(login, address));
}

void LoginThrottle::succeeded(std::string_view login, std::string_view address) {
  const std::lock_guard lock(mutex_);
  counts_.erase(nameKey(login, address));
}

void LoginThrottle::sweep() {
  const base::Time now = clock_.now();
  std::erase_if(counts_, [&](const auto& entry) { return now - entry.second.since >= kWindow; });
  while (counts_.size() >= kMaxCounts) {
    counts_.erase(std::min_element(counts_.begin(), counts_.end(), [](const auto& a, const auto& b) {
      return a.second.since < b.second.since;
    }));
  }
}

}  // namespace patchbay::access
