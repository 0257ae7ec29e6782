// Rules over one transform: its shape, the variables it uses, the required fields it leaves out.
//
// Pure; safe from any thread. Transforms come from users: every shape is expected.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace patchbay::flows::detail {

// What is wrong with its shape, for people; empty = nothing.
std::string shapeProblem(const boost::json::value& transform);

// Every variable that a placeholder of the lambda uses, with the top-level field it stands in;
// nested parameters included.
void eachVariable(
    const boost::json::value& transform,
    const std::function<void(std::string_view field, std::string_view variable)>& told);

enum class Filling { kAbsent, kEmpty, kFilled };
// What the transform puts into a top-level field. Everything counts as filled where the input is
// not built field by field.
Filling fillingOf(const boost::json::value& transform, std::string_view field);

}  // namespace patchbay::flows::detail
