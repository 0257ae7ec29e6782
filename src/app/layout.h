// Where the parts beside the binary are: <prefix>/bin/patchbay, <prefix>/share/patchbay/{runtime-js,catalogue,backoffice}.
//
// Errors: kUnavailable names the folder that is missing.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace patchbay::app {

struct Layout {
  std::filesystem::path runtimeFolder;  // runtime-js, links resolved
  std::filesystem::path catalogue;      // may not exist
  std::filesystem::path backoffice;     // likewise
};

base::Result<Layout> findLayout();

}  // namespace patchbay::app
