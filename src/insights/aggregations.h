// The "aggs" of POST /logs (rest-api §19.1): avg, sum, min, max, value_count, cardinality, terms, date_histogram, filter, nested in buckets.
//
// Errors: kInvalid names the aggregation. Bounds: 100 aggregations, 5 levels, 1000 buckets each, 2000 statements in all.
#pragma once

#include <boost/json.hpp>

#include "base/result.h"
#include "insights/condition.h"
#include "insights/log_reader.h"

namespace patchbay::insights {

class Aggregations {
 public:
  Aggregations(LogReader& reader, std::int64_t now) : reader_(reader), now_(now) {}
  // Over the records that `where` selects. Throws StoreError.
  base::Result<boost::json::object> evaluate(const boost::json::object& wanted, const Condition& where,
                                             int depth = 0);

 private:
  base::Result<boost::json::object> one(const std::string& name, const boost::json::object& wanted,
                                        const Condition& where, int depth);
  base::Result<boost::json::object> metric(const std::string& type, const boost::json::object& options,
                                           const Condition& where);
  base::Result<boost::json::object> terms(const boost::json::object& options, const boost::json::object& nested,
                                          const Condition& where, int depth);
  base::Result<boost::json::object> dateHistogram(const boost::json::object& options,
                                                  const boost::json::object& nested, const Condition& where,
                                                  int depth);
  base::Result<boost::json::object> filter(const boost::json::object& options, const boost::json::object& nested,
                                           const Condition& where, int depth);
  base::Result<Condition> filterCondition(const boost::json::object& options, int depth);
  base::Status addNested(boost::json::object& bucket, const boost::json::object& nested, const Condition& where,
                         int depth);
  void each(const std::string& sql, const Condition& where,
            const std::function<bool(const store::sqlite::Query&)>& row);

  LogReader& reader_;
  const std::int64_t now_;
  int statements_ = 0;
};

}  // namespace patchbay::insights
