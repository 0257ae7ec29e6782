// Which components can stand before another on a message's way.
//
// Not thread-safe: it remembers. The Descriptor must outlive it.
#pragma once

#include <map>
#include <set>
#include <string_view>

#include "flows/descriptor.h"

namespace patchbay::flows::detail {

class Ancestors {
 public:
  explicit Ancestors(const Descriptor& flow) : flow_(flow) {}
  // All components upstream of `start`, itself included.
  const std::set<std::string_view>& upTo(const Node& start);

 private:
  const Descriptor& flow_;
  std::map<const Node*, std::set<std::string_view>> known_;
};

}  // namespace patchbay::flows::detail
