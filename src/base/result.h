// Expected failures as values.
//
// Result<T> has the shape of std::expected<T, Error>, so that moving to the standard one is a rename. Status is Result
// without a value. Codes come from error_codes.def, each with an HTTP status and a page in docs/errors/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <boost/json/value.hpp>

namespace patchbay::base {

enum class Code : std::uint8_t {
#define PATCHBAY_CODE(name, text, status) name,
#include "base/error_codes.def"
#undef PATCHBAY_CODE
};

// The code as it stands on the wire ("NOT_FOUND"), and its HTTP status.
std::string_view codeText(Code code);
int codeStatus(Code code);

// `message` is for people: what happened, what was not changed, what to do next. `data` goes to clients as it is.
struct Error {
  Code code = Code::kInternal;
  std::string message;
  boost::json::value data = nullptr;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT
  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

inline Error fail(Code code, std::string message, boost::json::value data = nullptr) {
  return Error{code, std::move(message), std::move(data)};
}

}  // namespace patchbay::base
