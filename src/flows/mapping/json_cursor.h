// Walks JSON text in place: finds members and items as slices of it, without parsing what lies between.
//
// The text is trusted to be JSON and only skipped over; text that is not is noticed (failed()) or gives some slice of it, and is
// never read beyond its end. Threads: a cursor belongs to one thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay::flows::mapping {

// The one value of `text`, the white space around it cut off; empty when there is none.
std::string_view trimmedValue(std::string_view text);

class ObjectCursor {
 public:
  explicit ObjectCursor(std::string_view object);
  bool next();  // to the next member; false at the end or at a failure
  bool failed() const { return failed_; }
  std::string_view key() const { return key_; }  // as written, without its quotes
  std::string_view value() const { return value_; }

 private:
  std::string_view text_;
  std::size_t at_ = 1;
  bool first_ = true;
  bool failed_ = false;
  std::string_view key_, value_;
};

class ArrayCursor {
 public:
  explicit ArrayCursor(std::string_view array);
  bool next();
  bool failed() const { return failed_; }
  std::string_view value() const { return value_; }

 private:
  std::string_view text_;
  std::size_t at_ = 1;
  bool first_ = true;
  bool failed_ = false;
  std::string_view value_;
};

}  // namespace patchbay::flows::mapping
