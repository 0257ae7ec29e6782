// Which flow frames a worker knows: the last kMostFlows used.
//
// Threads: not thread-safe.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace patchbay::runtime {

class FlowCache {
 public:
  static constexpr std::size_t kMostFlows = 256;
  struct Use {
    bool isNew = false;                  // the flow frame must be sent
    std::optional<std::string> evicted;  // and this one forgotten
  };
  Use use(const std::string& key);

 private:
  std::list<std::string> byUse_;  // last used first
  std::unordered_map<std::string_view, std::list<std::string>::iterator> places_;
};

}  // namespace patchbay::runtime
