// Finds, through /proc, the processes that descend from a child and have no pid namespace to end
// them.
//
// Threads: safe from any thread; reads /proc, about a millisecond per hundred processes.
#pragma once

#include <sys/types.h>

#include <string>
#include <unordered_set>
#include <vector>

#include "base/process.h"

namespace patchbay::base {

struct ProcessEntry {
  pid_t id, parent, group, session;
  char state;  // 'Z': ended, not reaped
};

std::vector<ProcessEntry> readProcesses();

struct Descendants {
  std::vector<pid_t> ended;    // of its session or group, adopted by this server, to be reaped
  std::vector<pid_t> certain;  // by parentage, session, group or mark
  std::vector<pid_t>
      unnamed;  // adopted by this server and without any environment: within execve, or hiding
};

// Living descendants of `child`, orphans that this server has adopted included; without `child` and
// the `known` children of this process.
Descendants descendantsOf(pid_t child, const std::string& mark,
                          const std::unordered_set<pid_t>& known);

// Readable when the process has ended; invalid when there is none.
Descriptor watchProcess(pid_t id);

// Children of this process that have ended.
std::vector<pid_t> endedChildren();

}  // namespace patchbay::base
