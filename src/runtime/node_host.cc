#include "runtime/node_host.h"

#include <unistd.h>

namespace patchbay::runtime {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMegabyte = 1024 * 1024;

}  // namespace

NodeHost::NodeHost(base::AsioExecutor& executor, base::Spawner& spawner, Sandbox sandbox,
                   NodeOptions options)
    : executor_(executor), spawner_(spawner), sandbox_(sandbox), options_(std::move(options)) {
  std::error_code error;
  fs::remove_all(options_.temporary, error);
  fs::create_directories(options_.temporary, error);
  options_.temporary = fs::absolute(options_.temporary, error);
}

base::Result<NodeLaunch> NodeHost::prepare(const NodeOrder& order) {
  NodeLaunch launch;
  const unsigned slot = ++lastSlot_;
  launch.temporary = options_.temporary / std::to_string(slot);
  std::error_code error;
  fs::create_directories(launch.temporary, error);
  fs::permissions(launch.temporary, fs::perms::owner_all, error);
  if (error) {
    return base::fail(base::Code::kUnavailable, "The private folder " + launch.temporary.string() +
                                                    " of a process could not be made: " +
                                                    error.message() + ". Nothing was started.");
  }
  SandboxOrder inside;
  // One helper thread and a bounded young generation: with Node's defaults a busy worker holds twice the memory and spends a tenth
  // of its time in threads that wait for each other.
  inside.command = {options_.node.string(), "--max-old-space-size=" + std::to_string(options_.heapMegabytes),
                    "--max-semi-space-size=16", "--v8-pool-size=1", order.script.string()};
  inside.readable = order.readable;
  inside.readable.push_back(options_.node.parent_path());
  inside.readable.push_back(options_.runtimeFolder);
  inside.temporary = launch.temporary;
  inside.network = order.network;
  inside.slot = slot;
  SandboxedSpec wrapped = sandbox_.wrap(inside);
  if (wrapped.owner && lchown(launch.temporary.c_str(), *wrapped.owner, *wrapped.owner) != 0) {
    return base::fail(base::Code::kUnavailable,
                      "The private folder " + launch.temporary.string() +
                          " of a process could not be given to its user.");
  }
  launch.process = std::move(wrapped.process);
  launch.process.channel = true;
  launch.process.environment = environmentFor(wrapped.temporary);
  launch.process.limits.dataBytes = options_.dataMegabytes * kMegabyte;
  launch.process.limits.fileBytes = options_.fileMegabytes * kMegabyte;
  launch.process.limits.openFiles = options_.openFiles;
  return launch;
}

void NodeHost::clear(const fs::path& temporary) {
  spawner_.run([temporary] {
    std::error_code error;
    fs::remove_all(temporary, error);
  });
}

std::vector<std::string> NodeHost::environmentFor(const std::string& temporary) const {
  const std::string runtime = options_.runtimeFolder.string();
  std::vector<std::string> out{
      "PATH=" + options_.node.parent_path().string() + ":/usr/local/bin:/usr/bin:/bin",
      "HOME=" + temporary,
      "TMPDIR=" + temporary,
      "LANG=C.UTF-8",
      "USER=patchbay",
      "NODE_PATH=" + runtime + "/ambient:" + runtime + "/node_modules",
      "APPMIXER_API_URL=" + options_.apiUrl};
  out.insert(out.end(), options_.environment.begin(), options_.environment.end());
  return out;
}

}  // namespace patchbay::runtime
