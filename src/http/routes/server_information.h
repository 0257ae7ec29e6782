// GET / (rest-api §2) and the API's own description at GET /openapi.json (rulings R26).
#pragma once

#include <string>

#include "http/route.h"

namespace patchbay::http {

struct ServerInformation {
  std::string engineVersion = "6.4.0";  // what `engine` ranges are matched against (rulings R32)
  std::string ownVersion;
  std::string publicUrl;
};

// The document is made when it is asked for, so routes added later are in it. `router` must outlive its routes.
void addServerInformationRoutes(Router& router, ServerInformation information);

}  // namespace patchbay::http
