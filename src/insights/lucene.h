// The query language of the logs (rest-api §19.1): a subset of Lucene's, made into a condition.
//
// field:value, "phrases", * and ?, AND OR NOT && || !, + -, parentheses, field:(a OR b), ranges [a TO b] {a TO b] with * for no bound,
// field:>=a, _exists_:field; bare words search msg. Clauses without an operator are alternatives, and AND, +, NOT, - make them
// required or prohibited, as in Lucene. Fields that do not exist match nothing. Case is not regarded.
// Bounds: 8 KiB, 200 clauses, 20 levels. Errors: kInvalid names the place.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "insights/condition.h"

namespace patchbay::insights {

// `now`: ms, what "now" in a time means. An empty query matches all.
base::Result<Condition> parseLucene(std::string_view query, std::int64_t now);

// One field, one value, as in field:value; also for term filters of aggregations.
base::Result<Condition> fieldEquals(std::string_view field, std::string_view value, std::int64_t now);

}  // namespace patchbay::insights
