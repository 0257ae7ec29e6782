// How a Node process is shut in. The strongest of three ways that works on this machine is found
// once, at start:
//   bubblewrap: a file tree of its own with the revision and runtime-js read-only and a private
//   /tmp, its own pid namespace, and, when the
//     server is root, its own user;
//   a pid namespace (root only): the kernel ends whatever the process started, nothing hides the
//   file system; neither: the process tree is searched and killed (base/process.h).
//
// Threads: probe blocks, before a Spawner exists; wrap from any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/result.h"

namespace patchbay::runtime {

// kAuto falls back and says so in the log once; kRequire makes a machine without bubblewrap an
// error.
enum class SandboxMode : std::uint8_t { kAuto, kOff, kRequire };
std::optional<SandboxMode> parseSandboxMode(std::string_view text);

enum class Isolation : std::uint8_t { kBubblewrap, kPidNamespace, kTree };

struct SandboxOrder {
  std::vector<std::string> command;
  std::vector<std::filesystem::path> readable;  // folders the process reads, besides the system's
  std::filesystem::path temporary;              // the only folder it writes to
  bool network = true;
  unsigned slot = 0;  // picks the user, when it gets one of its own
};

struct SandboxedSpec {
  base::ProcessSpec process;           // environment and limits not yet set
  std::string temporary;               // its private folder as it sees it
  std::optional<std::uint32_t> owner;  // to whom `temporary` must be given
};

class Sandbox {
 public:
  // `node`, `runtimeFolder`: for a trial run. kUnavailable: kRequire and no bubblewrap that works.
  static base::Result<Sandbox> probe(SandboxMode mode, const std::filesystem::path& node,
                                     const std::filesystem::path& runtimeFolder);

  // Without a trial; for tests.
  static Sandbox of(Isolation isolation);

  SandboxedSpec wrap(const SandboxOrder& order) const;
  Isolation isolation() const { return isolation_; }

 private:
  explicit Sandbox(Isolation isolation) : isolation_(isolation) {}
  bool isWorking(SandboxOrder order) const;
  SandboxedSpec wrapInBubblewrap(const SandboxOrder& order) const;
  SandboxedSpec wrapPlain(const SandboxOrder& order) const;

  Isolation isolation_;
  bool isRoot_ = false;
  bool hasNetworkNamespace_ = false;
};

}  // namespace patchbay::runtime
