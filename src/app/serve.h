// `patchbay serve`: builds the rooms, starts and stops them in order. Returns the exit code: 0 after SIGTERM or SIGINT, 1 when it cannot start.
#pragma once

#include "app/options.h"

namespace patchbay::app {

int serve(const Options& options);

}  // namespace patchbay::app
