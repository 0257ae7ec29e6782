#include "connectors/npm.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <optional>

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
// --force: peers that clash are installed all the same: whether the code runs is a matter of loading it. --allow-…: whatever asks,
// also a package of a package.
constexpr std::array<std::string_view, 15> kAlways{
    "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-progress", "--no-update-notifier", "--no-workspaces", "--force",
    "--prefer-offline", "--loglevel=error", "--logs-max=0", "--allow-git=none", "--allow-remote=none", "--allow-file=none", "--allow-directory=none"};

std::array<std::string_view, 2> verb(NpmTask task) {
  switch (task) {
    case NpmTask::kInstallByLock: return {"ci", "--package-lock"};
    case NpmTask::kResolve: return {"install", "--package-lock-only"};
    case NpmTask::kInstall: break;
  }
  return {"install", "--no-package-lock"};
}

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

}  // namespace

// The end of what a process wrote.
class Npm::Tail {
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

// False at its end.
bool Npm::drain(int pipe, Tail& tail) {
  std::array<char, 8192> buffer;
  const ssize_t got = ::read(pipe, buffer.data(), buffer.size());
  if (got > 0) {
    tail.add({buffer.data(), static_cast<std::size_t>(got)});
  }
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

// What the executor tells the waiting thread. Held by both.
struct Npm::Run {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<base::Result<base::Process>> started;
  std::optional<int> ended;
  bool isAbandoned = false;
};

std::vector<std::string> Npm::environmentFrom(const char* const* environment,
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

std::vector<std::string> Npm::command(NpmTask task) const {
  std::vector<std::string> words;
  words.push_back(options_.node.string());
  words.push_back(options_.npmCli.string());
  for (const std::string_view word : verb(task)) {
    words.emplace_back(word);
  }
  for (const std::string_view word : kAlways) {
    words.emplace_back(word);
  }
  words.push_back("--cache=" + options_.cache.string());
  return words;
}

base::Result<NpmEnding> Npm::run(const PackagePlan& plan, const fs::path& scratch, NpmTask task) {
  std::error_code failure;
  fs::create_directories(options_.cache, failure);
  removeTree(scratch);
  fs::create_directories(scratch, failure);
  auto written = writeFile(scratch / "package.json", plan.document);
  if (written && task == NpmTask::kInstallByLock) {
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
  return NpmEnding{WIFEXITED(*status) && WEXITSTATUS(*status) == 0, saysMissing(tail.text()),
                tail.lastLines()};
}

// Reads what it writes until it has ended. Nothing: it was killed.
std::optional<int> Npm::follow(const base::Process& process, Run& run, Tail& tail) {
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

base::Error Npm::tookTooLong(const PackagePlan& plan) const {
  const std::string seconds = std::to_string(options_.patience.count() / 1000);
  return base::fail(
      base::Code::kDeadline,
      stopped_ ? "The server stops; the dependencies of " + plan.folder + " were not installed."
               : "npm took longer than " + seconds + " s to install the dependencies of " +
                     plan.folder + " and was ended. Nothing was installed.");
}

}  // namespace patchbay::connectors
