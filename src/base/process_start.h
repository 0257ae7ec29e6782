// One clone and execve, for the spawner thread: everything in the child between the two is a bare
// system call.
//
// Threads: the calling thread stands still until the child has executed its program; PDEATHSIG of
// the child follows it.
#pragma once

#include <optional>
#include <string>

#include "base/process.h"

namespace patchbay::base {

// Variable of the environment that marks a child and what it starts; its value is unique in this
// server's life.
std::string markVariable(const std::string& mark);

Result<Process> startProcess(const ProcessSpec& spec, const std::string& mark);

}  // namespace patchbay::base
