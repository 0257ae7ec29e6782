// Which unprocessed messages a bulk command means (rest-api §29.7).
//
// Source of the form: {flowId?, componentId?, componentType?, connector?, error?, from?, to?, ids?}; what is left out restricts nothing.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include <boost/json.hpp>

#include "base/result.h"
#include "store/unprocessed.h"

namespace patchbay::flows {

struct UnprocessedFilter {
  std::string flowId;
  std::string componentId;
  std::string componentType;  // exact
  std::string connector;      // "vendor.service[.module]": every component below it
  std::string error;          // part of the error's text, case counts
  std::int64_t from = 0;      // ms, inclusive; 0 = any
  std::int64_t to = 0;        // ms, exclusive; 0 = any
  std::set<std::string> ids;

  // kInvalid names the member. An empty object is refused: a filter that is forgotten must not mean all.
  static base::Result<UnprocessedFilter> parse(const boost::json::object& document);
  boost::json::object document() const;
  bool admits(const store::UnprocessedRecord& record) const;
};

}  // namespace patchbay::flows
