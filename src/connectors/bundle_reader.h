// Reads a bundle's zip safely: every name is checked before a byte is written, every byte is
// counted while it is inflated.
//
// Threads: not thread-safe. Ownership: `bytes` must outlive the reader.
// Errors: kTooLarge for an archive over its limit; kBundleRefused for everything else, naming the
// entry. A refusal leaves nothing on disk. Source of the format: docs/formats/bundle.md §1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct zip;

namespace patchbay::connectors {

struct ZipLimits {
  std::uint64_t archiveBytes = 10ULL << 20;
  std::uint64_t unpackedBytes = 64ULL << 20;
  std::uint64_t entryBytes = 32ULL << 20;
  std::size_t entries = 20'000;
  std::uint64_t ratio = 200;                  // unpacked : packed, looked at
  std::uint64_t ratioFromBytes = 1ULL << 20;  // from this size on

  // What comes through POST /components; `archiveBytes` is a setting.
  static ZipLimits upload() { return {}; }
  // Bundles of a catalogue may carry node_modules (R19).
  static ZipLimits catalogue();
};

class BundleReader {
 public:
  struct Entry {
    std::string name;  // a folder's ends with '/'
    std::uint64_t index = 0;
    std::uint64_t packedBytes = 0;
    bool isFolder = false;
  };
  using Piece = std::function<base::Status(std::string_view bytes)>;

  // Opens, and checks limits, names, kinds and methods of all entries. Nothing is inflated.
  static base::Result<BundleReader> open(std::string_view bytes, const ZipLimits& limits);
  // Opens and checks only that it is a zip with something in it, within its size.
  static base::Status sniff(std::string_view bytes, const ZipLimits& limits);

  const std::vector<Entry>& entries() const { return entries_; }
  // Inflates one entry, piece by piece, within the limits of one entry and, over all calls, of the
  // archive.
  base::Status inflate(const Entry& entry, const Piece& piece);
  base::Result<std::string> read(const Entry& entry);
  // Writes everything below `folder`, which must not exist. On failure it does not exist either.
  base::Status extractTo(const std::filesystem::path& folder);

 private:
  struct Closer {
    void operator()(::zip* archive) const;
  };
  using Handle = std::unique_ptr<::zip, Closer>;

  BundleReader(Handle archive, const ZipLimits& limits)
      : archive_(std::move(archive)), limits_(limits) {}
  static base::Result<Handle> openHandle(std::string_view bytes, const ZipLimits& limits);
  base::Status checkEntries();
  base::Result<Entry> checkEntry(std::uint64_t index);
  base::Status writeFile(const Entry& entry, const std::filesystem::path& file);
  base::Status writeAll(const std::filesystem::path& folder);

  Handle archive_;
  ZipLimits limits_;
  std::vector<Entry> entries_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace patchbay::connectors
