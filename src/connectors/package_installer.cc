#include "connectors/package_installer.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <optional>

#include "base/log.h"
#include "connectors/entry_name.h"
#include "connectors/file_tree.h"

namespace patchbay::connectors {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kKeptOutput = 16 * 1024;
constexpr std::size_t kShownLines = 12;
constexpr int kPollMillis = 200;
constexpr std::chrono::seconds kStartWithin{30};
constexpr std::chrono::seconds kEndWithin{5};
constexpr std::array<std::string_view, 6> kMissing{"E404\n", "ETARGET\n", "EALLOWGIT\n", "EALLOWREMOTE\n", "EALLOWFILE\n", "EALLOWDIRECTORY\n"};

bool startsWith(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

// npm's codes for what cannot be had and never will: the registry answers that it does not have the
// package or such a version, or a package asks for code that lies elsewhere.
bool saysMissing(std::string_view output) {
  return std::any_of(kMissing.begin(), kMissing.end(), [output](std::string_view code) {
    return output.find("npm error code " + std::string(code)) != std::string_view::npos;
  });
}

std::string notHad(const PackagePlan& plan, const std::string& package) {
  return plan.folder + ": the registry does not have " + package +
         " in the version asked for, or not all that it needs; what needs it does not load. Ask for "
         "a version that can be had, or ship the package in the bundle's node_modules";
}

}  // namespace

// The end of what a process wrote.
class NpmInstaller::Tail {
 public:
  void add(std::string_view bytes) {
    text_ += bytes;
    if (text_.size() > 2 * kKeptOutput) {
      text_.erase(0, text_.size() - kKeptOutput);
    }
  }
  const std::string& text() const { return text_; }
  std::string lastLines() const {
    std::string_view text = text_;
    std::vector<std::string> lines;
    while (!text.empty() && lines.size() < kShownLines) {
      const std::size_t end = text.find_last_not_of("\r\n");
      if (end == std::string_view::npos) {
        break;
      }
      text = text.substr(0, end + 1);
      const std::size_t start = text.find_last_of("\r\n");
      const std::string_view line = start == std::string_view::npos ? text : text.substr(start + 1);
      if (line.find("A complete log of this run") == std::string_view::npos &&
          line.find("Log files were not written") == std::string_view::npos) {
        lines.insert(lines.begin(), shownName(line));
      }
      text = start == std::string_view::npos ? std::string_view() : text.substr(0, start);
    }
    std::string out;
    for (const std::string& line : lines) {
      out += "\n" + line;
    }
    return out;
  }

 private:
  std::string text_;
};

// How npm ended.
struct NpmInstaller::Ending {
  bool isGood = false;
  bool isMissing = false;  // for want of a package
  std::string lastLines;
};

// False at its end.
bool NpmInstaller::drain(int pipe, Tail& tail) {
  std::array<char, 8192> buffer;
  const ssize_t got = ::read(pipe, buffer.data(), buffer.size());
  if (got > 0) {
    tail.add({buffer.data(), static_cast<std::size_t>(got)});
  }
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

// What the executor tells the waiting thread. Held by both.
struct NpmInstaller::Run {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<base::Result<base::Process>> started;
  std::optional<int> ended;
  bool isAbandoned = false;
};

std::vector<std::string> NpmInstaller::environmentFrom(const char* const* environment,
                                                       const NpmOptions& options) {
  std::vector<std::string> out;
  for (; environment && *environment; ++environment) {
    const std::string_view entry = *environment;
    if (startsWith(entry,
                   {"HOME=", "LANG=", "TMPDIR=", "NODE_EXTRA_CA_CERTS=", "SSL_CERT_FILE=",
                    "SSL_CERT_DIR=", "HTTP_PROXY=", "HTTPS_PROXY=", "NO_PROXY=", "http_proxy=",
                    "https_proxy=", "no_proxy=", "npm_config_", "NPM_CONFIG_"})) {
      out.emplace_back(entry);
    }
  }
  out.push_back("PATH=" + options.node.parent_path().string() + ":/usr/local/bin:/usr/bin:/bin");
  return out;
}

std::vector<std::string> NpmInstaller::command(Task task) const {
  std::vector<std::string> words{options_.node.string(),
                                 options_.npmCli.string(),
                                 task == Task::kInstallByLock ? "ci" : "install",
                                 "--ignore-scripts",
                                 "--omit=dev",
                                 "--no-audit",
                                 "--no-fund",
                                 "--no-progress",
                                 "--no-update-notifier",
                                 "--no-workspaces",
                                 "--force",  // peers that clash are installed all the same: whether the code runs is a matter of loading it
                                 "--prefer-offline",
                                 "--loglevel=error",
                                 "--logs-max=0",
                                 "--allow-git=none",  // whatever asks, also a package of a package
                                 "--allow-remote=none",
                                 "--allow-file=none",
                                 "--allow-directory=none",
                                 "--cache=" + options_.cache.string()};
  if (task != Task::kInstallByLock) {
    words.push_back(task == Task::kResolve ? "--package-lock-only" : "--no-package-lock");
  }
  return words;
}

base::Result<NpmInstaller::Ending> NpmInstaller::runNpm(const PackagePlan& plan,
                                                        const fs::path& scratch, Task task) {
  std::error_code failure;
  removeTree(scratch);
  fs::create_directories(scratch, failure);
  auto written = writeFile(scratch / "package.json", plan.document);
  if (written && task == Task::kInstallByLock) {
    written = writeFile(scratch / "package-lock.json", *plan.lock);
  }
  if (!written) {
    return written.error();
  }
  base::ProcessSpec spec;
  spec.command = command(task);
  spec.environment = environmentFrom(environ, options_);
  spec.folder = scratch;
  auto run = std::make_shared<Run>();
  spawner_.spawn(
      std::move(spec),
      [run, &spawner = spawner_](base::Result<base::Process> process) {
        const std::lock_guard lock(run->mutex);
        if (process && run->isAbandoned) {
          spawner.killTree(process->id);
        }
        run->started = std::move(process);
        run->changed.notify_all();
      },
      [run](pid_t, int status) {
        const std::lock_guard lock(run->mutex);
        run->ended = status;
        run->changed.notify_all();
      });
  std::unique_lock lock(run->mutex);
  if (!run->changed.wait_for(lock, kStartWithin, [&run] { return run->started.has_value(); })) {
    run->isAbandoned = true;
    return base::fail(base::Code::kUnavailable, "npm could not be started for " + plan.folder +
                                                    " in time. Nothing was installed.");
  }
  if (!*run->started) {
    return run->started->error();
  }
  const base::Process process = std::move(*run->started).value();
  lock.unlock();
  Tail tail;
  const auto status = follow(process, *run, tail);
  if (!status) {
    return tookTooLong(plan);
  }
  return Ending{WIFEXITED(*status) && WEXITSTATUS(*status) == 0, saysMissing(tail.text()),
                tail.lastLines()};
}

// Reads what it writes until it has ended. Nothing: it was killed.
std::optional<int> NpmInstaller::follow(const base::Process& process, Run& run, Tail& tail) {
  auto deadline = std::chrono::steady_clock::now() + options_.patience;
  std::array<pollfd, 2> pipes{pollfd{process.output.get(), POLLIN, 0},
                              pollfd{process.errors.get(), POLLIN, 0}};
  bool isKilled = false;
  for (;;) {
    ::poll(pipes.data(), pipes.size(), kPollMillis);
    for (pollfd& pipe : pipes) {
      if (pipe.fd >= 0 && pipe.revents != 0 && !drain(pipe.fd, tail)) {
        pipe.fd = -1;
      }
    }
    const bool isLate = std::chrono::steady_clock::now() > deadline;
    if (isKilled && isLate) {
      return std::nullopt;  // nobody tells any more: the executor stands
    }
    if (!isKilled && (stopped_ || isLate)) {
      spawner_.killTree(process.id);
      isKilled = true;
      deadline = std::chrono::steady_clock::now() + kEndWithin;
    }
    const std::lock_guard lock(run.mutex);
    const bool isRead = pipes[0].fd < 0 && pipes[1].fd < 0;
    if (run.ended && (isRead || isKilled)) {
      return isKilled ? std::nullopt : run.ended;
    }
  }
}

base::Error NpmInstaller::tookTooLong(const PackagePlan& plan) const {
  const std::string seconds = std::to_string(options_.patience.count() / 1000);
  return base::fail(
      base::Code::kDeadline,
      stopped_ ? "The server stops; the dependencies of " + plan.folder + " were not installed."
               : "npm took longer than " + seconds + " s to install the dependencies of " +
                     plan.folder + " and was ended. Nothing was installed.");
}

base::Result<NpmInstaller::Ending> NpmInstaller::installAll(const PackagePlan& plan,
                                                            const fs::path& scratch) {
  if (plan.lock) {
    auto ending = runNpm(plan, scratch, Task::kInstallByLock);
    if (!ending || ending->isGood) {
      return ending;
    }
    SPDLOG_INFO("{}: the lock does not fit, installing without it:{}", plan.folder,
                ending->lastLines);
  }
  return runNpm(plan, scratch, Task::kInstall);
}

// Those of the plan's packages that cannot be had, each looked up by itself: npm's message may name
// what one of them asks for, not the one that asks.
base::Result<std::vector<std::string>> NpmInstaller::findMissing(const PackagePlan& plan,
                                                                 const fs::path& scratch) {
  std::vector<std::string> missing;
  for (const std::string& package : requiredPackages(plan)) {
    const auto ending = runNpm(planOnly(plan, package), scratch, Task::kResolve);
    if (!ending) {
      return ending.error();
    }
    if (!ending->isGood && ending->isMissing) {
      missing.push_back(package);
    }
  }
  return missing;
}

base::Result<std::vector<std::string>> NpmInstaller::install(const PackagePlan& plan,
                                                             const fs::path& target,
                                                             const fs::path& scratch) {
  std::error_code failure;
  fs::create_directories(options_.cache, failure);
  auto warnings = installInto(plan, target, scratch);
  removeTree(scratch);
  return warnings;
}

base::Result<std::vector<std::string>> NpmInstaller::installInto(const PackagePlan& plan,
                                                                 const fs::path& target,
                                                                 const fs::path& scratch) {
  std::vector<std::string> warnings;
  auto ending = installAll(plan, scratch);
  if (ending && !ending->isGood && ending->isMissing) {
    const auto missing = findMissing(plan, scratch);
    if (!missing) {
      return missing.error();
    }
    for (const std::string& package : *missing) {
      warnings.push_back(notHad(plan, package));
    }
    ending = runNpm(planWithout(plan, *missing), scratch, Task::kInstall);
  }
  if (!ending) {
    return ending.error();
  }
  if (!ending->isGood) {
    return base::fail(base::Code::kBundleRefused,
                      "npm could not install the dependencies of " + plan.folder +
                          ". Nothing was installed. Its last lines:" + ending->lastLines);
  }
  if (fs::exists(scratch / "node_modules")) {
    std::error_code failure;
    fs::rename(scratch / "node_modules", target / "node_modules", failure);
    if (failure) {
      return base::fail(base::Code::kInternal,
                        plan.folder + "/node_modules could not be moved: " + failure.message());
    }
  }
  return warnings;
}

}  // namespace patchbay::connectors
