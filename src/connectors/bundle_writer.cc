#include "connectors/bundle_writer.h"

#include <zip.h>

namespace patchbay::connectors {
namespace {

constexpr std::uint16_t kDosDate = (46 << 9) | (1 << 5) | 1;  // 2026-01-01

base::Error failed(const std::string& why) {
  return base::fail(base::Code::kInternal, "The archive could not be written: " + why);
}

struct Writing {
  zip_source_t* buffer = nullptr;
  zip_t* archive = nullptr;
  ~Writing() {
    if (archive) {
      zip_discard(archive);
    }
    zip_source_free(buffer);
  }
};

base::Status begin(Writing& writing) {
  zip_error_t failure;
  zip_error_init(&failure);
  writing.buffer = zip_source_buffer_create(nullptr, 0, 0, &failure);
  if (writing.buffer) {
    zip_source_keep(writing.buffer);
    writing.archive = zip_open_from_source(writing.buffer, ZIP_TRUNCATE, &failure);
  }
  const bool begun = writing.archive != nullptr;
  const std::string why = begun ? "" : zip_error_strerror(&failure);
  zip_error_fini(&failure);
  return begun ? base::Status() : base::Status(failed(why));
}

base::Status addEntry(Writing& writing, const std::string& name, const std::string& bytes) {
  zip_source_t* source = zip_source_buffer(writing.archive, bytes.data(), bytes.size(), 0);
  if (!source) {
    return failed(zip_strerror(writing.archive));
  }
  const zip_int64_t index = zip_file_add(writing.archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return failed(zip_strerror(writing.archive));
  }
  zip_file_set_dostime(writing.archive, static_cast<zip_uint64_t>(index), 0, kDosDate, 0);
  return {};
}

base::Result<std::string> finish(Writing& writing) {
  if (zip_close(writing.archive) != 0) {
    return failed(zip_strerror(writing.archive));
  }
  writing.archive = nullptr;
  zip_stat_t stat;
  if (zip_source_stat(writing.buffer, &stat) != 0 || zip_source_open(writing.buffer) != 0) {
    return failed("no result");
  }
  std::string out(stat.size, '\0');
  const zip_int64_t got = zip_source_read(writing.buffer, out.data(), out.size());
  zip_source_close(writing.buffer);
  return got == static_cast<zip_int64_t>(out.size())
             ? base::Result<std::string>(std::move(out))
             : base::Result<std::string>(failed("short read"));
}

}  // namespace

base::Result<std::string> writeZip(const std::map<std::string, std::string>& contents) {
  Writing writing;
  if (auto status = begin(writing); !status) {
    return status.error();
  }
  for (const auto& [name, bytes] : contents) {
    if (auto status = addEntry(writing, name, bytes); !status) {
      return status.error();
    }
  }
  return finish(writing);
}

base::Result<std::string> writeZip(const TreeFiles& files, std::uint64_t maxBytes) {
  std::map<std::string, std::string> contents;
  std::uint64_t left = maxBytes;
  for (const auto& [name, file] : files) {
    auto bytes = readFile(file, left);
    if (!bytes) {
      return bytes.error();
    }
    left -= bytes->size();
    contents.emplace(name, std::move(bytes).value());
  }
  return writeZip(contents);
}

}  // namespace patchbay::connectors
