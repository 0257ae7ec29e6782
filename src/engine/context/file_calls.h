// fileInfo, fileRead, fileCreate, fileWrite, fileCommit, fileAbort, fileRemove: the flow owner's files (component-runtime §8.3), streamed in
// pieces. They run on the background threads; a file being written belongs to the attempt that opened it.
#pragma once

#include "engine/context/host_calls.h"

namespace patchbay::engine {

void addFileCalls(HostCalls& calls, Parts& parts);

}  // namespace patchbay::engine
