// Why a process ended, in words for people.
//
// Threads: safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::runtime {

// `status` as waitpid gives it. `viaShell`: a program between reports a signal as exit code 128 +
// number (bubblewrap). `outOfMemory`: it said so before. `lastLines`: the end of standard error.
std::string describeExit(int status, bool viaShell, bool outOfMemory, std::string_view lastLines,
                         std::uint64_t heapMegabytes);

}  // namespace patchbay::runtime
