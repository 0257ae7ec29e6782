// Users' files (rest-api §13). Access: any signed-in user, to his own files; others' are not found.
#pragma once

#include <functional>

#include "base/clock.h"
#include "files/file_store.h"
#include "http/route.h"

namespace patchbay::http {

// Runs `work` on a thread that may wait for the disk.
using RunInBackground = std::function<void(std::function<void()> work)>;

// All must outlive the router, and what runs in the background.
void addFileRoutes(Router& router, files::FileStore& files, const base::Clock& clock,
                   RunInBackground background);

}  // namespace patchbay::http
