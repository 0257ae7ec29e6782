#include "flows/mapping/key_order.h"

#include <algorithm>
#include <string_view>

#include "flows/mapping/json_text.h"

namespace patchbay::flows::mapping {

std::vector<const boost::json::key_value_pair*> inKeyOrder(const boost::json::object& members) {
  std::vector<const boost::json::key_value_pair*> order;
  order.reserve(members.size());
  for (const auto& member : members) {
    order.push_back(&member);
  }
  const auto indexes = std::stable_partition(order.begin(), order.end(), [](const auto* member) {
    return isArrayIndex(member->key());
  });
  std::sort(order.begin(), indexes, [](const auto* a, const auto* b) {
    const std::string_view left = a->key(), right = b->key();
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  });
  return order;
}

}  // namespace patchbay::flows::mapping
