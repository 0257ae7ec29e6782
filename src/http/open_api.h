// The API's description, made from the route table so that it cannot leave a route out.
#pragma once

#include <string>

#include <boost/json.hpp>

#include "http/route.h"

namespace patchbay::http {

boost::json::object openApiDocument(const Router& router, const std::string& version,
                                    const std::string& serverUrl);

}  // namespace patchbay::http
