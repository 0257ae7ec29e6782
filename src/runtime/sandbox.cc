#include "runtime/sandbox.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>

#include "base/log.h"

namespace patchbay::runtime {
namespace fs = std::filesystem;
namespace {

constexpr const char* kBubblewrap = "/usr/bin/bwrap";
constexpr const char* kSetpriv = "/usr/bin/setpriv";
constexpr base::Millis kPatience{15000};

// Users of our own when the server is root: numbers that systemd and Debian leave unused (60706 to
// 61183).
constexpr std::uint32_t kFirstUser = 60720;
constexpr std::uint32_t kUsers = 400;
// Threads count: Node has about a dozen, a browser that a connector starts some hundred.
constexpr std::uint64_t kProcessesPerUser = 1024;

constexpr std::array kSystemFolders = {"/usr",   "/bin",   "/sbin",  "/lib",
                                       "/lib32", "/lib64", "/libx32"};
constexpr std::array kSystemFiles = {"/etc/alternatives",
                                     "/etc/ca-certificates",
                                     "/etc/ca-certificates.conf",
                                     "/etc/fonts",
                                     "/etc/gai.conf",
                                     "/etc/group",
                                     "/etc/host.conf",
                                     "/etc/hosts",
                                     "/etc/ld.so.cache",
                                     "/etc/localtime",
                                     "/etc/mime.types",
                                     "/etc/nsswitch.conf",
                                     "/etc/passwd",
                                     "/etc/pki",
                                     "/etc/protocols",
                                     "/etc/resolv.conf",
                                     "/etc/services",
                                     "/etc/ssl",
                                     "/etc/timezone",
                                     "/run/systemd/resolve",
                                     "/sys/devices/system/cpu"};

void add(std::vector<std::string>& words, std::initializer_list<std::string_view> more) {
  words.insert(words.end(), more.begin(), more.end());
}

// bubblewrap makes the folders above a mount with mode 0700; another user could not pass them.
void addParents(std::vector<std::string>& words, const fs::path& place) {
  fs::path above;
  for (const fs::path& part : place.parent_path()) {
    above /= part;
    if (above != "/" && above != "/tmp") {
      add(words, {"--perms", "0755", "--dir", above.string()});
    }
  }
}

void addSystem(std::vector<std::string>& words) {
  add(words, {"--perms", "0755", "--dir", "/etc"});
  for (const char* folder : kSystemFolders) {
    std::error_code error;
    if (fs::is_symlink(folder, error)) {
      add(words, {"--symlink", fs::read_symlink(folder, error).string(), folder});
    } else if (fs::is_directory(folder, error)) {
      add(words, {"--ro-bind", folder, folder});
    }
  }
  for (const char* file : kSystemFiles) {
    add(words, {"--ro-bind-try", file, file});
  }
  add(words, {"--proc", "/proc", "--dev", "/dev"});
}

// A path as given and as it really is: programs find their neighbours by either.
void addReadable(std::vector<std::string>& words, const fs::path& path) {
  std::error_code error;
  std::set<std::string> places{path.lexically_normal().string()};
  const fs::path real = fs::canonical(path, error);
  if (!error) {
    places.insert(real.string());
  }
  for (const std::string& place : places) {
    addParents(words, place);
    add(words, {"--ro-bind", place, place});
  }
}

bool everybodyReads(const fs::path& folder) {
  struct stat state {};
  return stat(folder.c_str(), &state) == 0 && (state.st_mode & 05U) == 05U;
}

}  // namespace

std::optional<SandboxMode> parseSandboxMode(std::string_view text) {
  if (text == "auto") {
    return SandboxMode::kAuto;
  }
  if (text == "off") {
    return SandboxMode::kOff;
  }
  return text == "require" ? std::optional(SandboxMode::kRequire) : std::nullopt;
}

Sandbox Sandbox::of(Isolation isolation) {
  Sandbox sandbox(isolation);
  sandbox.isRoot_ = geteuid() == 0;
  return sandbox;
}

base::Result<Sandbox> Sandbox::probe(SandboxMode mode, const fs::path& node,
                                     const fs::path& runtimeFolder) {
  Sandbox sandbox = of(Isolation::kBubblewrap);
  SandboxOrder order;
  order.command = {node.string(), "--version"};
  order.readable = {node.parent_path(), runtimeFolder};
  if (mode != SandboxMode::kOff && sandbox.isWorking(order)) {
    SPDLOG_INFO("Workers run in bubblewrap{}",
                sandbox.isRoot_ ? ", each as a user of its own" : "");
    return sandbox;
  }
  if (mode == SandboxMode::kRequire) {
    return base::fail(base::Code::kUnavailable,
                      "The sandbox is required, but bubblewrap (/usr/bin/bwrap) is missing or may "
                      "not make namespaces "
                      "here. Install and allow it, or start with --sandbox auto.");
  }
  base::ProcessSpec trial;
  trial.command = order.command;
  trial.pidNamespace = true;
  const bool hasNamespace = sandbox.isRoot_ && base::runProbe(trial, kPatience) == 0;
  sandbox.isolation_ = hasNamespace ? Isolation::kPidNamespace : Isolation::kTree;
  trial.networkNamespace = true;
  sandbox.hasNetworkNamespace_ = hasNamespace && base::runProbe(trial, kPatience) == 0;
  const char* shut = hasNamespace ? "only in a pid namespace" : "in no namespace";
  if (mode == SandboxMode::kAuto) {
    SPDLOG_WARN("Workers run {}: bubblewrap is missing or does not work here", shut);
  } else {
    SPDLOG_INFO("Workers run {}: the sandbox is off", shut);
  }
  return sandbox;
}

// Runs the order for a trial, without network, which needs most.
bool Sandbox::isWorking(SandboxOrder order) const {
  std::string folder = (fs::temp_directory_path() / "patchbay-trial-XXXXXX").string();
  if (access(kBubblewrap, X_OK) != 0 || mkdtemp(folder.data()) == nullptr) {
    return false;
  }
  order.temporary = folder;
  order.network = false;
  const bool isWorking = base::runProbe(wrap(order).process, kPatience) == 0;
  std::error_code error;
  fs::remove_all(order.temporary, error);
  return isWorking;
}

SandboxedSpec Sandbox::wrap(const SandboxOrder& order) const {
  return isolation_ == Isolation::kBubblewrap ? wrapInBubblewrap(order) : wrapPlain(order);
}

SandboxedSpec Sandbox::wrapInBubblewrap(const SandboxOrder& order) const {
  SandboxedSpec spec;
  std::vector<std::string>& words = spec.process.command;
  words = {kBubblewrap, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"};
  if (!order.network) {
    add(words, {"--unshare-net"});
  }
  addSystem(words);
  add(words, {"--bind", order.temporary.string(),
              "/tmp"});  // before the readable folders: some may be below /tmp
  bool isReadable = true;
  for (const fs::path& folder : order.readable) {
    addReadable(words, folder);
    isReadable = isReadable && everybodyReads(folder);
  }
  add(words, {"--chdir", "/tmp"});
  spec.temporary = "/tmp";
  spec.process.makesNamespaces = true;
  if (isRoot_ && isReadable && access(kSetpriv, X_OK) == 0) {
    spec.owner = kFirstUser + order.slot % kUsers;
    const std::string user = std::to_string(*spec.owner);
    add(words, {"--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--", kSetpriv, "--reuid",
                user, "--regid", user, "--clear-groups", "--no-new-privs"});
    spec.process.limits.processes = kProcessesPerUser;
  }
  words.emplace_back("--");
  words.insert(words.end(), order.command.begin(), order.command.end());
  return spec;
}

SandboxedSpec Sandbox::wrapPlain(const SandboxOrder& order) const {
  SandboxedSpec spec;
  spec.process.command = order.command;
  spec.process.folder = order.temporary;
  spec.process.pidNamespace = isolation_ == Isolation::kPidNamespace;
  spec.process.networkNamespace = !order.network && hasNetworkNamespace_;
  spec.temporary = order.temporary.string();
  return spec;
}

}  // namespace patchbay::runtime
