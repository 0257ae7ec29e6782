// The list parameters that most resources share: filter, sort, projection, pattern, offset, limit (rest-api §1.4), over JSON documents.
//
// Threads: a parsed ListQuery is immutable. Errors: kInvalid for an offset or limit that is not a number, a sort without a field.
// "~" in a filter: contains, without regard to case; "^", "$", "." and ".*" have their meaning, other characters stand for themselves.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"
#include "http/route.h"

namespace patchbay::http {

class ListQuery {
 public:
  static base::Result<ListQuery> parse(const Request& request);

  struct Fields {
    std::string idField;                // kept when a projection excludes
    std::vector<std::string> patterns;  // dotted paths that `pattern` searches
  };
  // The page asked for, filtered, sorted and projected.
  boost::json::array apply(boost::json::array documents, const Fields& fields) const;
  std::size_t count(const boost::json::array& documents, const Fields& fields) const;

  // The parts, for who does it his own way.
  bool matches(const boost::json::value& document, const Fields& fields) const;
  boost::json::value project(const boost::json::value& document, const Fields& fields) const;
  std::size_t offset() const { return offset_; }
  std::size_t limit() const { return limit_; }
  const std::string& pattern() const { return pattern_; }

 private:
  enum class Operator { kEquals, kDiffers, kContains };
  struct Filter {
    std::string path;
    Operator op = Operator::kEquals;
    std::string value;
  };
  struct Order {
    std::string path;
    bool descending = false;
  };
  base::Status readPaging(const Request& request);
  base::Status readSort(const Request& request);
  void readFilters(const Request& request);
  void readProjection(const Request& request);
  static bool holds(const Filter& filter, const boost::json::value* stored);

  std::vector<Filter> filters_;
  std::vector<Order> orders_;
  std::vector<std::string> included_, excluded_;
  std::string pattern_;
  std::size_t offset_ = 0;
  std::size_t limit_ = 100;
};

// "a.b.c" below `document`; nothing when it is not there.
const boost::json::value* valueAt(const boost::json::value& document, std::string_view path);

}  // namespace patchbay::http
