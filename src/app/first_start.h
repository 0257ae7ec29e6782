// What a new server does once: its first administrator.
//
// A password that was not given is generated, printed once and kept in <data>/admin-password, mode 0600.
#pragma once

#include <filesystem>

#include "access/users.h"
#include "app/options.h"
#include "base/random.h"
#include "base/result.h"

namespace patchbay::app {

base::Status ensureFirstAdmin(access::Users& users, const Options& options, base::Random& random);

}  // namespace patchbay::app
