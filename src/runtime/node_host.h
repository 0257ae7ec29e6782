// What every Node process of this server has in common: the binary, the sandbox, the limits, and
// how it is laid out on disk.
//
// Threads: the engine loop, as all of this room; the constructor before the loop runs. Ownership:
// outlives the pools that use it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/asio_executor.h"
#include "base/process.h"
#include "runtime/sandbox.h"

namespace patchbay::runtime {

struct NodeOptions {
  std::filesystem::path node;           // node_binary.h
  std::filesystem::path runtimeFolder;  // runtime-js
  std::filesystem::path temporary;  // private folders of processes are made in it; emptied at start
  std::string apiUrl;
  std::uint64_t heapMegabytes = 512;   // of JavaScript
  std::uint64_t dataMegabytes = 2048;  // of everything: buffers, code, stacks
  std::uint64_t openFiles = 4096;
  std::uint64_t fileMegabytes = 4096;    // size of one file
  std::vector<std::string> environment;  // "NAME=value", added to the few that every process gets
  base::Millis startWithin{30000};
  base::Millis endWithin{2000};  // from being told to end
  base::Millis pingEvery{5000};
  base::Millis deafAfter{20000};  // a ping not answered
};

// One process to start.
struct NodeOrder {
  std::string name;  // for the log: "worker patchbay.utils.http 1.0.0"
  std::filesystem::path script;
  std::vector<std::filesystem::path> readable;
  bool network = true;
  std::string hello;  // the first frame
};

struct NodeLaunch {
  base::ProcessSpec process;
  std::filesystem::path temporary;  // to be cleared when the process has ended
};

class NodeHost {
 public:
  NodeHost(base::AsioExecutor& executor, base::Spawner& spawner, Sandbox sandbox,
           NodeOptions options);

  // Makes the private folder. kUnavailable: the disk refused.
  base::Result<NodeLaunch> prepare(const NodeOrder& order);
  void clear(const std::filesystem::path& temporary);

  base::AsioExecutor& executor() { return executor_; }
  base::Spawner& spawner() { return spawner_; }
  const NodeOptions& options() const { return options_; }
  Isolation isolation() const { return sandbox_.isolation(); }

 private:
  std::vector<std::string> environmentFor(const std::string& temporary) const;

  base::AsioExecutor& executor_;
  base::Spawner& spawner_;
  Sandbox sandbox_;
  NodeOptions options_;
  unsigned lastSlot_ = 0;
};

}  // namespace patchbay::runtime
