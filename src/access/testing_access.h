// A store in a folder of its own and a clock that tests set; for tests of this room and of those above it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/random.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::access {

class TestClock : public base::Clock {
 public:
  base::Time now() const override { return base::fromMillis(millis); }
  std::int64_t millis = 1'772'000'000'000;
};

class TestStore {
 public:
  TestStore() {
    base::SystemRandom random;
    folder = std::filesystem::temp_directory_path() / ("patchbay-test-" + base::newUuid(random));
    open();
  }
  ~TestStore() {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  TestStore(const TestStore&) = delete;
  TestStore& operator=(const TestStore&) = delete;

  void open() {
    store.reset();
    store::SqliteOptions options;
    options.folder = folder;
    auto opened = store::openSqlite(options);
    ASSERT_TRUE(opened) << opened.error().message;
    store = *std::move(opened);
  }

  std::filesystem::path folder;
  std::unique_ptr<store::Store> store;
};

}  // namespace patchbay::access
