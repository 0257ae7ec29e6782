// A connector's icon: the data URL of a manifest, as a picture that may be served.
//
// Threads: free functions. Only pictures: png, jpeg, gif, webp, svg; at most 1 MiB. An SVG is not
// changed: who serves it forbids by header what it might try (kIconPolicy).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::connectors {

// Content-Security-Policy of an icon that is opened as a page: no scripts, nothing loaded from
// anywhere, no forms, an origin of its own.
inline constexpr std::string_view kIconPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox";

struct Icon {
  std::string mime;
  std::string bytes;
};

// Nothing when it is no data URL of a picture.
std::optional<Icon> readIcon(std::string_view dataUrl);

}  // namespace patchbay::connectors
