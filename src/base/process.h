// Child processes: one long-lived spawner thread starts them, waits for them and kills them with
// all they have started (R34).
//
// A child gets: standard input from /dev/null, standard output and error as pipes, optionally
// descriptor 3 as one end of a socketpair, a session of its own, exactly the environment given, and
// the kernel's word that it dies with this server (PDEATHSIG, which follows the spawner thread).
// Nothing else is inherited.
// The tree: with `pidNamespace` the kernel ends every descendant with
// the child. Without, the server is their subreaper, and descendants are found by parentage, by
// session, and by the mark in their environment; one that wipes its environment, forks twice and
// makes a session of its own while its parents are gone escapes that search.
//
// Threads: spawn, killTree and run from any thread; callbacks come on the executor. One Spawner per
// process at a time.
// Ownership: the receiver of a Process closes its descriptors. The destructor
// kills and reaps every child, without callbacks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"

namespace patchbay::base {

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return number_; }
  int release();
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

struct ProcessLimits {
  std::uint64_t dataBytes = 0;  // RLIMIT_DATA; 0 = as the server's
  std::uint64_t openFiles = 0;  // RLIMIT_NOFILE
  std::uint64_t fileBytes = 0;  // RLIMIT_FSIZE
  std::uint64_t processes = 0;  // RLIMIT_NPROC, counts all processes of the user
};

struct ProcessSpec {
  std::vector<std::string> command;      // command[0] is an absolute path
  std::vector<std::string> environment;  // "NAME=value"
  std::filesystem::path folder = "/";
  std::optional<std::uint32_t> user;  // uid and gid to take; needs root
  ProcessLimits limits;
  bool channel = false;           // descriptor 3
  bool pidNamespace = false;      // needs root
  bool networkNamespace = false;  // no network at all; needs root
  bool makesNamespaces = false;   // the program (bubblewrap) makes a pid namespace itself, and ends
                                  // it when it is killed
};

struct Process {
  pid_t id = -1;
  Descriptor channel;  // our end of descriptor 3
  Descriptor output, errors;
};

class Spawner {
 public:
  // kUnavailable: nothing runs; the message names the step that failed.
  using Started = std::function<void(Result<Process>)>;
  // `status` as waitpid gives it. All descendants that could be found are dead.
  using Ended = std::function<void(pid_t child, int status)>;

  explicit Spawner(Executor& executor);
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  void spawn(ProcessSpec spec, Started started, Ended ended);
  // SIGKILL for the child and its tree. A child that has ended or is not ours: no effect.
  void killTree(pid_t child);
  // Other short blocking work (clearing a temporary folder), after all commands given before.
  void run(std::function<void()> work);

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

// Runs a process to its end on the calling thread and gives its exit code (-1: signal, not started,
// or over `patience`). Only before a Spawner exists: for probes at the start of the server. What it
// writes is thrown away.
int runProbe(const ProcessSpec& spec, Millis patience);
// What it wrote to standard output, at most `most` bytes; nothing when it did not end with 0.
std::optional<std::string> readProbe(const std::vector<std::string>& command, Millis patience,
                                     std::size_t most);

}  // namespace patchbay::base
