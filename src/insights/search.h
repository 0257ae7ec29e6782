// Searching the flows' log (rest-api §19.1): hits, histogram and aggregations of what a caller may see.
//
// Threads: safe from any thread; each search has a connection of its own, on the caller's thread, and sees all that was appended before.
// Errors: kInvalid for a query, sort or aggregation that is not understood, kTooLarge for an answer over 64 MiB, kUnavailable for a search
// that takes longer than 10 s.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "insights/flow_log.h"
#include "insights/flow_scope.h"

namespace patchbay::insights {

struct LogQuery {
  LogScope scope;
  std::vector<std::string> flowIds;    // only these; empty = all of the scope
  std::vector<std::string> portTypes;  // only these
  std::string query;                   // lucene.h
  bool trace = false;                  // with records of severity trace
  std::int64_t from = 0;
  std::int64_t size = 50;
  std::vector<std::string> sort;          // field, field:asc, field:desc
  std::vector<std::string> searchAfter;   // one value per sort field, and perhaps the _id
  std::vector<std::string> includes, excludes;  // fields of the hits
  std::optional<boost::json::object> aggregations;  // the "aggs" of a POST
};

class LogSearch {
 public:
  // Both must outlive this.
  LogSearch(FlowLog& log, const base::Clock& clock) : log_(log), clock_(clock) {}

  // {"buckets": […], "hits": […], "aggregations"?: {…}}
  base::Result<boost::json::object> search(const LogQuery& query);
  // {"_index", "_id", "_source"}; kNotFound.
  base::Result<boost::json::object> one(const LogScope& scope, const std::string& id);

 private:
  FlowLog& log_;
  const base::Clock& clock_;
};

}  // namespace patchbay::insights
