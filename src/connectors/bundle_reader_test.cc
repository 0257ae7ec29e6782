#include "connectors/bundle_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "connectors/file_tree.h"
#include "connectors/testing_folder.h"
#include "connectors/testing_zip.h"

namespace patchbay::connectors {
namespace {

using testing::HasSubstr;

const ZipLimits kUpload = ZipLimits::upload();

// The message of the refusal; the folder must not be there afterwards.
std::string refusalOf(const std::string& zip, const ZipLimits& limits = kUpload) {
  const TestFolder folder;
  auto reader = BundleReader::open(zip, limits);
  base::Status status;
  if (reader) {
    status = reader->extractTo(folder.path() / "out");
  } else {
    status = reader.error();
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "something was left on disk";
  return status ? "accepted" : status.error().message;
}

std::string refusalOfName(const std::string& name) {
  return refusalOf(TestZip::of({{"acme/ok.js"}, {name}}));
}

TEST(BundleReader, UnpacksFilesAndFolders) {
  const TestFolder folder;
  const std::string large(300'000, 'a');
  const std::string zip = TestZip::of({{"acme/", "", 040755},
                                       {"acme/x/a.js", large, 0100644, true},
                                       {"acme/x/ünïcode.txt", "täxt"},
                                       {"acme/nothing", ""}});
  auto reader = BundleReader::open(zip, kUpload);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto status = reader->extractTo(folder.path() / "out");
  ASSERT_TRUE(status) << status.error().message;
  const auto files = listFiles(folder.path() / "out");
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(*readFile(files.at("acme/x/a.js"), 1 << 20), large);
  EXPECT_EQ(*readFile(files.at("acme/x/ünïcode.txt"), 100), "täxt");
}

TEST(BundleReader, RefusesWhatIsNotAZip) {
  EXPECT_THAT(refusalOf("hello"), HasSubstr("it is not a zip"));
  EXPECT_THAT(refusalOf(""), HasSubstr("it is empty"));
  EXPECT_THAT(refusalOf(TestZip::of({})), HasSubstr("it has no entries"));
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/", "", 040755}})), HasSubstr("folders only"));
  const std::string zip = TestZip::of({{"acme/a.js", std::string(1000, 'x')}});
  EXPECT_THAT(refusalOf(zip.substr(0, zip.size() / 2)), HasSubstr("it is not a zip"));
}

TEST(BundleReader, RefusesZipSlip) {
  EXPECT_THAT(refusalOfName("../evil.js"), HasSubstr("\"../evil.js\" leads out of the archive"));
  EXPECT_THAT(refusalOfName("acme/../../evil.js"), HasSubstr("leads out of the archive"));
  EXPECT_THAT(refusalOfName("acme/.."), HasSubstr("leads out of the archive"));
}

TEST(BundleReader, RefusesAbsolutePaths) {
  EXPECT_THAT(refusalOfName("/etc/passwd"), HasSubstr("\"/etc/passwd\" has an absolute path"));
}

TEST(BundleReader, RefusesDriveLettersAndBackslashes) {
  EXPECT_THAT(refusalOfName("C:evil.js"), HasSubstr("begins with a drive letter"));
  EXPECT_THAT(refusalOfName("acme\\..\\evil.js"), HasSubstr("has a backslash"));
}

TEST(BundleReader, RefusesEmptyAndDotParts) {
  EXPECT_THAT(refusalOfName("acme//evil.js"), HasSubstr("an empty or \".\" part"));
  EXPECT_THAT(refusalOfName("./evil.js"), HasSubstr("an empty or \".\" part"));
}

TEST(BundleReader, RefusesLinksAndSpecialFiles) {
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/link", "/etc/passwd", 0120777}})),
              HasSubstr("\"acme/link\" is a symbolic link"));
  for (const std::uint32_t kind : {0060644U, 0020644U, 0010644U, 0140644U}) {
    EXPECT_THAT(refusalOf(TestZip::of({{"acme/dev", "", kind}})),
                HasSubstr("neither a plain file nor a folder"));
  }
}

TEST(BundleReader, RefusesDuplicateNames) {
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/a.js", "one"}, {"acme/a.js", "two"}})),
              HasSubstr("\"acme/a.js\" is there twice"));
}

TEST(BundleReader, RefusesCaseCollisions) {
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/a.js"}, {"acme/A.js"}})),
              HasSubstr("differs only in upper and lower case from \"acme/a.js\""));
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/a.js"}, {"Acme/b.js"}})),
              HasSubstr("differs only in upper and lower case"));
}

TEST(BundleReader, RefusesANameThatIsFileAndFolder) {
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/a/b.js"}, {"acme/a"}})),
              HasSubstr("both a file and a folder"));
  EXPECT_THAT(refusalOf(TestZip::of({{"acme/a"}, {"acme/a/b.js"}})), HasSubstr("which is a file"));
}

TEST(BundleReader, RefusesNamesThatAreNotUtf8) {
  for (const char* name : {"acme/\xff.js", "acme/\xc3", "acme/\xc0\xaf", "acme/\xed\xa0\x80",
                           "acme/\xf5\x80\x80\x80"}) {
    EXPECT_THAT(refusalOf(TestZip::of({{"acme/ok.js"}, {name, "x", 0100644, false, 0}})),
                HasSubstr("not UTF-8"));
  }
}

TEST(BundleReader, RefusesControlCharacters) {
  EXPECT_THAT(refusalOfName("acme/a\nb.js"),
              HasSubstr("\"acme/a\\x0ab.js\" has a control character"));
  EXPECT_THAT(refusalOfName("acme/\xe2\x80\xae"
                            "sj.exe"),
              HasSubstr("control character"));
}

TEST(BundleReader, RefusesLongAndDeepNames) {
  EXPECT_THAT(refusalOfName("acme/" + std::string(300, 'a')), HasSubstr("longer than 255 bytes"));
  std::string deep, longName;
  for (int i = 0; i < 60; ++i) {
    deep += "a/";
    longName += std::string(30, 'b');
    longName += '/';
  }
  EXPECT_THAT(refusalOfName(deep + "x"), HasSubstr("folders deep"));
  EXPECT_THAT(refusalOfName(longName + "x"), HasSubstr("longer than 1024 bytes"));
}

TEST(BundleReader, RefusesTooManyEntries) {
  ZipLimits limits;
  limits.entries = 3;
  EXPECT_THAT(refusalOf(TestZip::of({{"a/1"}, {"a/2"}, {"a/3"}, {"a/4"}}), limits),
              HasSubstr("it has 4 entries; at most 3"));
}

TEST(BundleReader, RefusesAnArchiveOverItsSizeAsTooLarge) {
  ZipLimits limits;
  limits.archiveBytes = 100;
  const auto reader = BundleReader::open(TestZip::of({{"a/1", std::string(200, 'x')}}), limits);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, base::Code::kTooLarge);
  EXPECT_THAT(reader.error().message, HasSubstr("LIMIT_CC_ARCHIVE_MAX_BYTES"));
}

TEST(BundleReader, RefusesLargeEntriesAndTotals) {
  ZipLimits limits;
  limits.entryBytes = 1000;
  limits.unpackedBytes = 1500;
  EXPECT_THAT(refusalOf(TestZip::of({{"a/1", std::string(1001, 'x')}}), limits),
              HasSubstr("\"a/1\" unpacks to more than 1000 bytes"));
  const std::string most(900, 'x');
  EXPECT_THAT(refusalOf(TestZip::of({{"a/1", most}, {"a/2", most}}), limits),
              HasSubstr("it unpacks to more than 1500 bytes"));
}

TEST(BundleReader, CountsBytesInsteadOfBelievingHeaders) {
  ZipLimits limits;
  limits.entryBytes = 100'000;
  const std::string liar =
      TestZip::of({{"a/1", std::string(5'000'000, 'x'), 0100644, true, 0x800, 10}});
  EXPECT_THAT(refusalOf(liar, limits),
              testing::AnyOf(HasSubstr("unpacks to more than"), HasSubstr("is damaged")));
}

TEST(BundleReader, RefusesRatioBombs) {
  EXPECT_THAT(refusalOf(TestZip::of({{"a/bomb", std::string(20'000'000, '\0'), 0100644, true}})),
              HasSubstr("zip bomb"));
}

TEST(BundleReader, RefusesEncryptedEntries) {
  EXPECT_THAT(refusalOf(TestZip::of({{"a/secret.js", "xxxxxxxxxxxxxxxx", 0100644, false, 0x801}})),
              HasSubstr("\"a/secret.js\" is encrypted"));
}

TEST(BundleReader, RefusesOtherPackingMethods) {
  EXPECT_THAT(refusalOf(TestZip::of({{"a/x", "data", 0100644, false, 0x800, -1, 12}})),
              HasSubstr("packed with method 12"));
}

TEST(BundleReader, RefusesDamagedEntriesAndLeavesNothing) {
  std::string zip = TestZip::of({{"a/first", "fine"}, {"a/second", std::string(1000, 'y')}});
  zip[zip.find("yyyy") + 10] = 'z';
  EXPECT_THAT(refusalOf(zip), HasSubstr("\"a/second\" is damaged"));
}

TEST(BundleReader, ReadsTheZipsOfOtherTools) {
  const TestFolder folder;
  const std::string script =
      "cd '" + folder.path().string() + "' && mkdir -p acme/x && printf hello > acme/x/a.js && " +
      "python3 -c \"import shutil; shutil.make_archive('made', 'zip', '.', 'acme')\"";
  if (std::system(script.c_str()) != 0) {
    GTEST_SKIP() << "no python3 here to pack a zip with";
  }
  const auto bytes = readFile(folder.path() / "made.zip", 1 << 20);
  ASSERT_TRUE(bytes);
  auto reader = BundleReader::open(*bytes, kUpload);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(reader->extractTo(folder.path() / "out"));
  EXPECT_EQ(*readFile(folder.path() / "out/acme/x/a.js", 100), "hello");
}

}  // namespace
}  // namespace patchbay::connectors
