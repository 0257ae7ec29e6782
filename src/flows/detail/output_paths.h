// What an out port says it offers: does a path below its payload exist?
//
// Pure; safe from any thread. Lenient where a port says nothing: a path is wrong only when the
// manifest lists what there is and this is not it.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "connectors/revision.h"

namespace patchbay::flows::detail {

// `path`: without the port, dots between parts; empty = the whole payload.
bool offers(const connectors::Component& component, std::string_view port, std::string_view path);

}  // namespace patchbay::flows::detail
