#include "app/layout.h"

namespace patchbay::app {

base::Result<Layout> findLayout() {
  std::error_code failure;
  const std::filesystem::path binary = std::filesystem::canonical("/proc/self/exe", failure);
  if (failure) {
    return base::fail(base::Code::kUnavailable, "The binary's own place cannot be read: " + failure.message());
  }
  const std::filesystem::path share = binary.parent_path().parent_path() / "share" / "patchbay";
  Layout layout;
  layout.runtimeFolder = std::filesystem::canonical(share / "runtime-js", failure);
  if (failure || !std::filesystem::exists(layout.runtimeFolder / "worker" / "main.js")) {
    return base::fail(base::Code::kUnavailable,
                      "The Node side is missing at " + (share / "runtime-js").string() + ": install or build Patchbay anew.");
  }
  layout.catalogue = share / "catalogue";
  layout.backoffice = share / "backoffice";
  return layout;
}

}  // namespace patchbay::app
