// The order in which JavaScript lists the members of an object: array indexes by number, then the others as written.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

namespace patchbay::flows::mapping {

// Valid as long as the object is not changed.
std::vector<const boost::json::key_value_pair*> inKeyOrder(const boost::json::object& members);

}  // namespace patchbay::flows::mapping
