// A part of a WHERE clause with its parameters: fixed SQL fragments of ours, every value of a client bound.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patchbay::insights {

using Parameter = std::variant<std::int64_t, std::string>;

struct Condition {
  std::string sql = "1";
  std::vector<Parameter> parameters = {};
};

inline Condition operator!(Condition condition) {
  condition.sql = "NOT (" + condition.sql + ")";
  return condition;
}

inline Condition join(Condition left, std::string_view word, Condition right) {
  left.sql = "(" + left.sql + ") " + std::string(word) + " (" + right.sql + ")";
  for (Parameter& parameter : right.parameters) {
    left.parameters.push_back(std::move(parameter));
  }
  return left;
}
inline Condition both(Condition left, Condition right) { return join(std::move(left), "AND", std::move(right)); }
inline Condition either(Condition left, Condition right) { return join(std::move(left), "OR", std::move(right)); }

}  // namespace patchbay::insights
