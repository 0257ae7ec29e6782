#include "base/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <unordered_set>

#include "base/process_start.h"

namespace patchbay::base {
namespace {

constexpr std::size_t kMaxEnvironment = 1024 * 1024;

std::string readProcFile(pid_t id, const char* name, std::size_t most) {
  const std::string path = "/proc/" + std::to_string(id) + "/" + name;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char part[4096];
  while (file && text.size() < most) {
    const ssize_t size = read(file.get(), part, sizeof(part));
    if (size <= 0) {
      break;
    }
    text.append(part, static_cast<std::size_t>(size));
  }
  return text;
}

std::optional<ProcessEntry> readProcess(pid_t id) {
  const std::string text = readProcFile(id, "stat", 4096);
  const std::size_t nameEnd = text.rfind(')');  // the name may hold anything
  ProcessEntry entry{id, 0, 0, 0, '?'};
  if (nameEnd == std::string::npos ||
      std::sscanf(text.c_str() + nameEnd + 1, " %c %d %d %d", &entry.state, &entry.parent,
                  &entry.group, &entry.session) != 4) {
    return std::nullopt;
  }
  return entry;
}

enum class Marked { kNo, kYes, kUnknown };

Marked carriesMark(pid_t id, const std::string& mark) {
  const std::string wanted = markVariable(mark);
  const std::string text = readProcFile(id, "environ", kMaxEnvironment);
  for (std::size_t at = 0; at < text.size(); at += std::strlen(text.c_str() + at) + 1) {
    if (wanted == text.c_str() + at) {
      return Marked::kYes;
    }
  }
  return text.empty() ? Marked::kUnknown : Marked::kNo;
}

}  // namespace

std::vector<ProcessEntry> readProcesses() {
  std::vector<ProcessEntry> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc"), &closedir);
  while (folder) {
    const dirent* file = readdir(folder.get());
    if (file == nullptr) {
      break;
    }
    pid_t id = 0;
    const char* end = file->d_name + std::strlen(file->d_name);
    if (std::from_chars(file->d_name, end, id).ptr == end && id > 0) {
      if (const auto entry = readProcess(id)) {
        entries.push_back(*entry);
      }
    }
  }
  return entries;
}

Descendants descendantsOf(pid_t child, const std::string& mark,
                          const std::unordered_set<pid_t>& known) {
  const std::vector<ProcessEntry> entries = readProcesses();
  const pid_t self = getpid();
  std::unordered_set<pid_t> found{child};
  std::unordered_set<pid_t> unnamed;
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const ProcessEntry& entry : entries) {
      if (entry.id == self || entry.state == 'Z' || found.contains(entry.id) ||
          known.contains(entry.id)) {
        continue;
      }
      if (found.contains(entry.parent) || entry.session == child || entry.group == child) {
        found.insert(entry.id);
      } else if (entry.parent == self && !unnamed.contains(entry.id)) {
        const Marked marked = carriesMark(entry.id, mark);
        if (marked != Marked::kNo) {
          (marked == Marked::kYes ? found : unnamed).insert(entry.id);
        }
      }
    }
  }
  found.erase(child);
  std::vector<pid_t> ended;
  for (const ProcessEntry& entry : entries) {
    const bool isOfChild = entry.session == child || entry.group == child;
    if (entry.state == 'Z' && entry.parent == self && entry.id != child && isOfChild) {
      ended.push_back(entry.id);
    }
  }
  return {std::move(ended), {found.begin(), found.end()}, {unnamed.begin(), unnamed.end()}};
}

Descriptor watchProcess(pid_t id) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, id, 0)));
}

std::vector<pid_t> endedChildren() {
  std::vector<pid_t> ended;
  for (const ProcessEntry& entry : readProcesses()) {
    if (entry.parent == getpid() && entry.state == 'Z') {
      ended.push_back(entry.id);
    }
  }
  return ended;
}

}  // namespace patchbay::base
