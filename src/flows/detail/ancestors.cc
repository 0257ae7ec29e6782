#include "flows/detail/ancestors.h"

#include <vector>

namespace patchbay::flows::detail {

const std::set<std::string_view>& Ancestors::upTo(const Node& start) {
  const auto [entry, fresh] = known_.try_emplace(&start);
  std::set<std::string_view>& seen = entry->second;
  if (!fresh) {
    return seen;
  }
  std::vector<const Node*> todo{&start};
  seen.insert(start.id);
  while (!todo.empty()) {
    const Node* node = todo.back();
    todo.pop_back();
    for (const Link& link : node->incoming) {
      const Node* source = flow_.find(link.source);
      if (source != nullptr && seen.insert(source->id).second) {
        todo.push_back(source);
      }
    }
  }
  return seen;
}

}  // namespace patchbay::flows::detail
