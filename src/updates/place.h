// The `where` of a change, taken apart: "in.<port>.<field>", "out.<port>.<path>",
// "properties.<field>", "auth", "quota" (breaking-changes §2).
//
// Threads: plain values.
#pragma once

#include <string>

namespace patchbay::updates {

struct Place {
  std::string part, port, field;

  static Place of(const std::string& where) {
    Place place;
    const std::size_t dot = where.find('.');
    place.part = where.substr(0, dot);
    if (dot == std::string::npos) {
      return place;
    }
    if (place.part == "properties") {
      place.field = where.substr(dot + 1);
      return place;
    }
    const std::size_t end = where.find('.', dot + 1);
    place.port = where.substr(dot + 1, end == std::string::npos ? end : end - dot - 1);
    place.field = end == std::string::npos ? "" : where.substr(end + 1);
    return place;
  }
};

}  // namespace patchbay::updates
