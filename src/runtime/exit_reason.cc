#include "runtime/exit_reason.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

namespace patchbay::runtime {
namespace {

std::string describeSignal(int number) {
  const char* name = sigabbrev_np(number);
  std::string text = "ended by signal " + std::to_string(number);
  text += name == nullptr ? "" : std::string(" (SIG") + name + ")";
  text += number == SIGKILL ? ", perhaps by the system for lack of memory" : "";
  return text;
}

}  // namespace

std::string describeExit(int status, bool viaShell, bool outOfMemory, std::string_view lastLines,
                         std::uint64_t heapMegabytes) {
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (viaShell && code > 128 && code <= 128 + 64) {
    number = code - 128;
  }
  if (number != 0 && outOfMemory) {
    return "ran out of memory (" + std::to_string(heapMegabytes) + " MB for JavaScript)";
  }
  if (number != 0) {
    return describeSignal(number);
  }
  std::string text = code == 0 ? std::string("ended by itself (exit code 0)")
                               : "ended with exit code " + std::to_string(code);
  if (!lastLines.empty()) {
    text += ". Its last lines: ";
    text += lastLines;
  }
  return text;
}

}  // namespace patchbay::runtime
