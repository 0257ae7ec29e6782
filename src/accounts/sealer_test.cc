#include "accounts/sealer.h"

#include <sys/stat.h>

#include <fstream>

#include <gtest/gtest.h>

namespace patchbay::accounts {
namespace {

class SealerTest : public ::testing::Test {
 protected:
  SealerTest() {
    folder_ = std::filesystem::temp_directory_path() / ("sealer-test-" + base::newUuid(random_));
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "secret.key";
  }
  ~SealerTest() override { std::filesystem::remove_all(folder_); }

  base::SystemRandom random_;
  std::filesystem::path folder_, file_;
};

TEST_F(SealerTest, OpensWhatItSealedAlsoAfterARestart) {
  const auto first = Sealer::open("", file_, random_);
  ASSERT_TRUE(first) << first.error().message;
  const std::string sealed = first->seal("a secret", "account 1");
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
  EXPECT_NE(sealed, first->seal("a secret", "account 1"));
  const auto second = Sealer::open("", file_, random_);
  ASSERT_TRUE(second);
  const auto plain = second->unseal(sealed, "account 1");
  ASSERT_TRUE(plain);
  EXPECT_EQ(*plain, "a secret");
}

TEST_F(SealerTest, ASealedTextIsBoundToItsNameAndItsBytes) {
  const auto sealer = Sealer::open(std::string(64, 'a'), file_, random_);
  ASSERT_TRUE(sealer);
  EXPECT_FALSE(std::filesystem::exists(file_));
  std::string sealed = sealer->seal("a secret", "account 1");
  EXPECT_FALSE(sealer->unseal(sealed, "account 2"));
  EXPECT_FALSE(Sealer::open(std::string(64, 'b'), file_, random_)->unseal(sealed, "account 1"));
  sealed[10] = sealed[10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(sealer->unseal(sealed, "account 1"));
  EXPECT_FALSE(sealer->unseal("", "account 1"));
  EXPECT_FALSE(sealer->unseal("not base64!", "account 1"));
}

TEST_F(SealerTest, TheKeyFileIsForItsOwnerOnly) {
  ASSERT_TRUE(Sealer::open("", file_, random_));
  struct stat about {};
  ASSERT_EQ(::stat(file_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  ::chmod(file_.c_str(), 0640);
  const auto refused = Sealer::open("", file_, random_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::kConflict);
}

TEST_F(SealerTest, BadKeysAreRefused) {
  EXPECT_EQ(Sealer::open("too short", file_, random_).error().code, base::Code::kInvalid);
  std::ofstream(file_) << "rubbish";
  ::chmod(file_.c_str(), 0600);
  EXPECT_EQ(Sealer::open("", file_, random_).error().code, base::Code::kInvalid);
}

}  // namespace
}  // namespace patchbay::accounts
