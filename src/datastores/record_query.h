// A condition on records in the small document-query language that components use (component-runtime §8.8):
// {"key": {"$nin": ["a"]}, "value.status": "open", "$or": [{…}, {…}]}.
//
// Operators: equality, $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $not, $and, $or, $nor. Paths are dotted, into records of the
// wire's shape. Equality with an array also holds when the array contains the value. Nothing is evaluated as code or regular expression.
// Threads: immutable. Errors: kInvalid names the operator or the place.
#pragma once

#include <memory>
#include <vector>

#include <boost/json.hpp>

#include "base/result.h"

namespace patchbay::datastores {

class RecordQuery {
 public:
  static base::Result<RecordQuery> parse(const boost::json::object& query);
  bool matches(const boost::json::object& record) const;

 private:
  enum class Operator { kEquals, kIn, kGreater, kGreaterOrEqual, kLess, kLessOrEqual, kExists, kAll, kAny };
  struct Condition {
    Operator op = Operator::kAll;
    bool negated = false;
    std::string path;
    boost::json::value operand;
    std::vector<Condition> inner;
  };
  struct Reader;
  static bool holds(const Condition& condition, const boost::json::object& record);
  static bool compares(const Condition& condition, const boost::json::value* stored);

  Condition root_;
};

}  // namespace patchbay::datastores
