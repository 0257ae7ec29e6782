// A copy of a database file as of one moment, while others write to it.
//
// Threads: any. The original is only read, and its log stays as it is: what to do with one after a crash is for the server's start (decision 57).
// Errors: kNotFound (no such file), kStoreFailed (the copy was looked through and is damaged), kDiskFull. `copy` must not exist; after an
// error it may, and is worth nothing.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace patchbay::store::sqlite {

base::Status snapshot(const std::filesystem::path& database, const std::filesystem::path& copy);

}  // namespace patchbay::store::sqlite
