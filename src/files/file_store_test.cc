#include "files/file_store.h"

#include <stdlib.h>

#include <fstream>

#include <gtest/gtest.h>

#include "base/json.h"
#include "files/content_type.h"
#include "files/uploads.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::files {

namespace {

class TestClock final : public base::Clock {
 public:
  base::Time now() const override { return now_; }
  base::Time now_ = base::fromMillis(1'767'225'600'000);
};

class FileStoreTest : public testing::Test {
 protected:
  FileStoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-files-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    store::SqliteOptions options;
    options.folder = root_;
    auto opened = store::openSqlite(options);
    EXPECT_TRUE(opened.has_value());
    store_ = std::move(*opened);
    reopen({});
  }
  ~FileStoreTest() override {
    files_.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  void reopen(FileStoreOptions options) {
    auto opened = FileStore::open(root_ / "files", *store_, random_, clock_, options);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    files_ = std::move(*opened);
  }
  base::Result<store::FileRecord> save(NewFile file, const std::vector<std::string>& pieces) {
    file.userId = file.userId.empty() ? "u1" : file.userId;
    auto writer = files_->create(std::move(file));
    if (!writer) {
      return writer.error();
    }
    for (const std::string& piece : pieces) {
      if (base::Status appended = (*writer)->append(piece); !appended) {
        return appended.error();
      }
    }
    return (*writer)->commit();
  }
  NewFile named(std::string name, std::string id = "", bool replace = false) {
    NewFile file;
    file.filename = std::move(name);
    file.fileId = std::move(id);
    file.replace = replace;
    return file;
  }
  std::string content(const std::string& id) { return *files_->read("u1", id, 0, 1 << 20); }
  std::size_t blobs() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / "files")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  std::filesystem::path root_;
  std::unique_ptr<store::Store> store_;
  base::SystemRandom random_;
  TestClock clock_;
  std::unique_ptr<FileStore> files_;
};

constexpr const char* kId = "f179c163-2ad8-4f9d-bce5-95200691b7f9";

}  // namespace

TEST_F(FileStoreTest, AFileHasTheWiresShape) {
  auto saved = save(named("Report.PDF", kId), {"hello ", "world"});
  ASSERT_TRUE(saved.has_value()) << saved.error().message;
  EXPECT_EQ(json::write(wireFile(*saved)),
            R"({"fileId":"f179c163-2ad8-4f9d-bce5-95200691b7f9","filename":"Report.PDF","length":11,)"
            R"("chunkSize":261120,"contentType":"application/pdf","md5":"5eb63bbbe01eeed093cb22bb8f5acdc3",)"
            R"("uploadDate":"2026-01-01T00:00:00.000Z","metadata":{"userId":"u1",)"
            R"("fileId":"f179c163-2ad8-4f9d-bce5-95200691b7f9"}})");
  EXPECT_EQ(content(kId), "hello world");
}

TEST_F(FileStoreTest, RangesAreRead) {
  auto saved = save(named("a"), {"0123456789"});
  EXPECT_EQ(*files_->read("u1", saved->fileId, 3, 4), "3456");
  EXPECT_EQ(*files_->read("u1", saved->fileId, 8, 100), "89");
  EXPECT_EQ(*files_->read("u1", saved->fileId, 10, 5), "");
  EXPECT_EQ(*files_->read("u1", saved->fileId, 1'000'000, 5), "");
  EXPECT_FALSE(files_->read("u1", saved->fileId, -1, 5).has_value());
}

TEST_F(FileStoreTest, AnotherUsersFileIsNotFound) {
  auto saved = save(named("a"), {"x"});
  EXPECT_EQ(files_->info("u2", saved->fileId).error().code, base::Code::kNotFound);
  EXPECT_EQ(files_->read("u2", saved->fileId, 0, 1).error().code, base::Code::kNotFound);
  EXPECT_EQ(files_->remove("u2", saved->fileId).error().code, base::Code::kNotFound);
  NewFile replace = named("", saved->fileId, true);
  replace.userId = "u2";
  EXPECT_EQ(save(replace, {"y"}).error().code, base::Code::kNotFound);
  NewFile taken = named("b", saved->fileId);
  taken.userId = "u2";
  EXPECT_EQ(save(taken, {"y"}).error().code, base::Code::kConflict);
  EXPECT_EQ(content(saved->fileId), "x");
  EXPECT_EQ(blobs(), 1u);
}

TEST_F(FileStoreTest, ADroppedWriterLeavesNothing) {
  {
    auto writer = files_->create([this] {
      NewFile file = named("a");
      file.userId = "u1";
      return file;
    }());
    ASSERT_TRUE(writer.has_value());
    ASSERT_TRUE((*writer)->append("some"));
    EXPECT_EQ(blobs(), 1u);
    EXPECT_TRUE(files_->list("u1")->empty());
  }
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(FileStoreTest, ReplacingKeepsIdAndNameAndSwapsAtOnce) {
  auto saved = save(named("a.txt"), {"old"});
  NewFile replace = named("", saved->fileId, true);
  replace.userId = "u1";
  auto writer = files_->create(replace);
  ASSERT_TRUE((*writer)->append("new content"));
  EXPECT_EQ(content(saved->fileId), "old");
  auto replaced = (*writer)->commit();
  ASSERT_TRUE(replaced.has_value());
  EXPECT_EQ(replaced->filename, "a.txt");
  EXPECT_EQ(replaced->contentType, "text/plain");
  EXPECT_EQ(content(saved->fileId), "new content");
  EXPECT_EQ(files_->info("u1", saved->fileId)->length, 11);
  EXPECT_EQ(blobs(), 1u);
}

TEST_F(FileStoreTest, HostileIdsAndNamesAreRefusedOrOnlyText) {
  for (const char* id : {"../../etc/passwd", "f179c163-2ad8-4f9d-bce5-95200691b7f9/..", "abc", "%2e%2e"}) {
    EXPECT_EQ(save(named("a", id), {"x"}).error().code, base::Code::kInvalid) << id;
  }
  auto saved = save(named("../../../evil.sh"), {"x"});
  ASSERT_TRUE(saved.has_value());
  EXPECT_EQ(saved->filename, "../../../evil.sh");
  EXPECT_EQ(blobs(), 1u);
  EXPECT_FALSE(save(named("a\r\nSet-Cookie: x"), {"x"}).has_value());
  EXPECT_FALSE(save(named(std::string(300, 'a')), {"x"}).has_value());
  EXPECT_TRUE(save(named("old", "65f0a1b2c3d4e5f60718293a"), {"x"}).has_value());
}

TEST_F(FileStoreTest, AFileOverTheLimitIsNotStored) {
  FileStoreOptions options;
  options.maxFileBytes = 10;
  reopen(options);
  EXPECT_TRUE(save(named("a"), {"01234", "56789"}).has_value());
  auto refused = save(named("b"), {"01234", "567890"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::Code::kTooLarge);
  EXPECT_EQ(blobs(), 1u);
}

TEST_F(FileStoreTest, OrphansGoAtStartAndForeignFilesStay) {
  auto saved = save(named("a"), {"x"});
  const std::filesystem::path orphan = root_ / "files" / "ab" / ("ab" + std::string(30, '0'));
  std::filesystem::create_directories(orphan.parent_path());
  std::ofstream(orphan) << "orphan";
  std::ofstream(orphan.parent_path() / "notes.txt") << "mine";
  reopen({});
  EXPECT_FALSE(std::filesystem::exists(orphan));
  EXPECT_TRUE(std::filesystem::exists(orphan.parent_path() / "notes.txt"));
  EXPECT_EQ(content(saved->fileId), "x");
}

TEST_F(FileStoreTest, RemovingTakesTheBytes) {
  auto first = save(named("a"), {"x"});
  save(named("b"), {"y"}).has_value();
  ASSERT_TRUE(files_->remove("u1", first->fileId));
  EXPECT_EQ(files_->info("u1", first->fileId).error().code, base::Code::kNotFound);
  EXPECT_EQ(blobs(), 1u);
  ASSERT_TRUE(files_->removeAllOf("u1"));
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(FileStoreTest, ContentTypesComeFromNames) {
  EXPECT_EQ(contentTypeOf("a.csv"), "text/csv");
  EXPECT_EQ(contentTypeOf("A.JPG"), "image/jpeg");
  EXPECT_EQ(contentTypeOf("archive.tar.gz"), "application/gzip");
  EXPECT_EQ(contentTypeOf("a.7z"), "application/x-7z-compressed");
  EXPECT_EQ(contentTypeOf("a.zip"), "application/zip");
  EXPECT_EQ(contentTypeOf("noextension"), "application/octet-stream");
  EXPECT_EQ(contentTypeOf("a.unknown"), "application/octet-stream");
}

TEST_F(FileStoreTest, ChunksMakeAFileInOrder) {
  Uploads uploads(*files_, clock_);
  Chunk chunk{"u1", "", "big.txt", "", 1, 3, "one "};
  auto first = uploads.add(chunk);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_EQ(files_->info("u1", first->fileId).error().code, base::Code::kNotFound);
  chunk.fileId = first->fileId;
  chunk.number = 3;
  EXPECT_EQ(uploads.add(chunk).error().code, base::Code::kInvalid);
  chunk.number = 2;
  chunk.bytes = "two ";
  ASSERT_TRUE(uploads.add(chunk).has_value());
  Chunk stranger = chunk;
  stranger.userId = "u2";
  stranger.number = 3;
  EXPECT_EQ(uploads.add(stranger).error().code, base::Code::kNotFound);
  chunk.number = 3;
  chunk.bytes = "three";
  auto last = uploads.add(chunk);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->filename, "big.txt");
  EXPECT_EQ(content(last->fileId), "one two three");
}

TEST_F(FileStoreTest, AStaleUploadIsDropped) {
  Uploads uploads(*files_, clock_);
  Chunk chunk{"u1", "", "big.txt", "", 1, 2, "one "};
  chunk.fileId = uploads.add(chunk)->fileId;
  clock_.now_ += std::chrono::hours(2);
  chunk.number = 2;
  EXPECT_EQ(uploads.add(chunk).error().code, base::Code::kNotFound);
  EXPECT_EQ(blobs(), 0u);
}

}  // namespace patchbay::files
