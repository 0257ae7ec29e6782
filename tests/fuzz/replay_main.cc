// Stands in for libFuzzer in ordinary builds: runs each file of the folders given through the target once. A target that finds
// something aborts, as it does under libFuzzer; the file at fault is the last one printed.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string contentOf(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

int replayFolder(const std::filesystem::path& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      std::printf("%s\n", entry.path().c_str());
      std::fflush(stdout);
      const std::string content = contentOf(entry.path());
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
      ++count;
    }
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  int count = 0;
  for (int at = 1; at < argc; ++at) {
    count += replayFolder(argv[at]);
  }
  std::printf("%d inputs\n", count);
  return count == 0 ? 1 : 0;
}
