#include "engine/context/cache_calls.h"

#include "base/json.h"

namespace patchbay::engine {

const std::string* StaticCache::get(const std::string& key, std::int64_t now) {
  const auto found = byKey_.find(key);
  if (found == byKey_.end()) {
    return nullptr;
  }
  if (found->second->expires != 0 && found->second->expires <= now) {
    remove(key);
    return nullptr;
  }
  items_.splice(items_.begin(), items_, found->second);
  return &found->second->value;
}

void StaticCache::set(const std::string& key, std::string value, std::int64_t expires) {
  remove(key);
  if (value.size() > maxBytes_ / 4) {
    return;  // a cache may forget; this one would push out everything else
  }
  bytes_ += key.size() + value.size();
  items_.push_front({key, std::move(value), expires});
  byKey_[key] = items_.begin();
  while (bytes_ > maxBytes_) {
    remove(std::string(items_.back().key));
  }
}

void StaticCache::remove(const std::string& key) {
  const auto found = byKey_.find(key);
  if (found != byKey_.end()) {
    bytes_ -= found->second->key.size() + found->second->value.size();
    items_.erase(found->second);
    byKey_.erase(found);
  }
}

void addCacheCalls(HostCalls& calls, StaticCache& cache, base::Clock& clock) {
  const auto keyOf = [](const json::object& arguments, const Answer& answer) {
    return answer.attempt().flow->flowId + ":" + answer.attempt().component().service + ":" +
           json::getString(arguments, "key");
  };
  calls.add("cacheGet", [&cache, &clock, keyOf](const json::object& arguments, Answer answer) {
    const std::string* value = cache.get(keyOf(arguments, answer), base::toMillis(clock.now()));
    answer.ok(value == nullptr ? "{\"found\":false}" : "{\"found\":true,\"value\":" + *value + "}");
  });
  calls.add("cacheSet", [&cache, &clock, keyOf](const json::object& arguments, Answer answer) {
    const std::int64_t life = json::getInt(arguments, "ttl").value_or(0);
    const json::value* value = json::find(arguments, "value");
    cache.set(keyOf(arguments, answer), value == nullptr ? "null" : json::write(*value),
              life > 0 ? base::toMillis(clock.now()) + life : 0);
    answer.ok();
  });
  calls.add("cacheRemove", [&cache, keyOf](const json::object& arguments, Answer answer) {
    cache.remove(keyOf(arguments, answer));
    answer.ok();
  });
}

}  // namespace patchbay::engine
