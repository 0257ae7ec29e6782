// cacheGet, cacheSet, cacheRemove: the static cache (component-runtime §8.5), per flow, in memory, bounded.
#pragma once

#include <list>
#include <string>
#include <unordered_map>

#include "engine/context/host_calls.h"

namespace patchbay::engine {

// Least recently used goes first when the bytes are over the bound. Threads: the engine loop.
class StaticCache {
 public:
  explicit StaticCache(std::size_t maxBytes = 32u << 20) : maxBytes_(maxBytes) {}
  // Null when absent or expired.
  const std::string* get(const std::string& key, std::int64_t now);
  void set(const std::string& key, std::string value, std::int64_t expires);  // expires: ms, 0 = never
  void remove(const std::string& key);

 private:
  struct Item {
    std::string key, value;
    std::int64_t expires = 0;
  };
  std::size_t maxBytes_;
  std::size_t bytes_ = 0;
  std::list<Item> items_;  // newest use first
  std::unordered_map<std::string, std::list<Item>::iterator> byKey_;
};

void addCacheCalls(HostCalls& calls, StaticCache& cache, base::Clock& clock);

}  // namespace patchbay::engine
