// Zips for tests, written byte by byte, so that they can be as wrong as a hostile sender's.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::connectors {

struct TestEntry {
  std::string name;
  std::string content = "x";
  std::uint32_t mode = 0100644;  // of Unix; 0 = none said
  bool deflated = false;
  std::uint16_t flags = 0x800;    // UTF-8; 0x801 = also encrypted
  std::int64_t claimedSize = -1;  // what the headers say it unpacks to
  std::uint16_t method = 0xFFFF;  // overrides
};

class TestZip {
 public:
  static std::string of(const std::vector<TestEntry>& entries) {
    TestZip zip;
    for (const TestEntry& entry : entries) {
      zip.add(entry);
    }
    return zip.finish(entries.size());
  }

 private:
  static void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      out.push_back(static_cast<char>(value >> (8 * i)));
    }
  }

  static std::string deflated(const std::string& content) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }

  void add(const TestEntry& entry) {
    const std::string packed = entry.deflated ? deflated(entry.content) : entry.content;
    const std::uint64_t crc = crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                                    static_cast<uInt>(entry.content.size()));
    const auto size = entry.claimedSize >= 0 ? static_cast<std::uint64_t>(entry.claimedSize)
                                             : static_cast<std::uint64_t>(entry.content.size());
    std::string head;
    put(head, 20, 2);
    put(head, entry.flags, 2);
    put(head, entry.method != 0xFFFF ? entry.method : entry.deflated ? 8 : 0, 2);
    put(head, 0x5A210000, 4);  // a time
    put(head, crc, 4);
    put(head, packed.size(), 4);
    put(head, size, 4);
    put(head, entry.name.size(), 2);
    put(head, 0, 2);
    const std::size_t offset = body_.size();
    put(body_, 0x04034B50, 4);
    body_ += head + entry.name + packed;
    put(directory_, 0x02014B50, 4);
    put(directory_, 0x0314, 2);  // made by: Unix
    directory_ += head;
    put(directory_, 0, 2);  // comment
    put(directory_, 0, 2);  // disk
    put(directory_, 0, 2);  // internal attributes
    put(directory_, static_cast<std::uint64_t>(entry.mode) << 16, 4);
    put(directory_, offset, 4);
    directory_ += entry.name;
  }

  std::string finish(std::size_t count) const {
    std::string out = body_ + directory_;
    put(out, 0x06054B50, 4);
    put(out, 0, 4);
    put(out, count, 2);
    put(out, count, 2);
    put(out, directory_.size(), 4);
    put(out, body_.size(), 4);
    put(out, 0, 2);
    return out;
  }

  std::string body_, directory_;
};

}  // namespace patchbay::connectors
