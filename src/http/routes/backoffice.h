// The Backoffice's files under /backoffice/, as its build lays them out: index.html, assets/ (names carry a hash of the
// content), each with a .gz beside it where that is smaller.
//
// Every address that is no file answers index.html, since the page routes by itself. All files are read once, when the route
// is added; a missing folder answers 404 and says how to build it. index.html is never kept by browsers, assets for ever.
// Policy: nothing from foreign hosts, no inline script, inline styles only with the nonce that each answer carries anew in
// place of __STYLE_NONCE__, no frame around the page.
#pragma once

#include <filesystem>

#include "base/random.h"
#include "http/route.h"

namespace patchbay::http {

void addBackofficeRoutes(Router& router, const std::filesystem::path& folder, base::Random& random);

}  // namespace patchbay::http
