#include "trace.h"

#include <cstdio>

#include "seeded_random.h"

namespace patchbay::simulate {

void Trace::note(std::string_view event) {
  hash_ = hashOf(hash_ + static_cast<std::uint64_t>(base::toMillis(clock_.now())), event);
  if (prints_) {
    std::printf("%s  %.*s\n", base::toIso(clock_.now()).substr(11, 12).c_str(),
                static_cast<int>(event.size()), event.data());
  }
}

}  // namespace patchbay::simulate
