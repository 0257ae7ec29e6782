// Users' files (rest-api §13). Access: any signed-in user, to his own files; others' are not found.
#pragma once

#include "base/clock.h"
#include "files/file_store.h"
#include "http/route.h"

namespace patchbay::http {

// Both must outlive the router.
void addFileRoutes(Router& router, files::FileStore& files, const base::Clock& clock);

}  // namespace patchbay::http
