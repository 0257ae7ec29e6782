// The stores under test. A new one joins by a factory added to storeFactories().
#pragma once

#include <type_traits>
#include <variant>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/store.h"

namespace patchbay::store {

// Opens one database over and over; the first time it is empty.
class StoreFactory {
 public:
  virtual ~StoreFactory() = default;
  virtual std::unique_ptr<Store> open() = 0;
};

struct StoreKind {
  std::string name;
  std::unique_ptr<StoreFactory> (*make)();
};

std::unique_ptr<StoreFactory> sqliteFactory();

inline std::vector<StoreKind> storeKinds() { return {{"Sqlite", &sqliteFactory}}; }

// A suite per table group derives from this.
class StoreTest : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    factory_ = GetParam().make();
    store_ = factory_->open();
  }
  void TearDown() override {
    store_.reset();
    factory_.reset();
  }

  void reopen() {
    store_.reset();
    store_ = factory_->open();
  }

  // A unit that must stand.
  void write(const std::function<void(Transaction&)>& unit) {
    const base::Status outcome = store_->write([&unit](Transaction& transaction) -> base::Status {
      unit(transaction);
      return {};
    });
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  }

  template <typename Read>
  auto read(Read reader) {
    using Found = decltype(reader(std::declval<Transaction&>()));
    std::conditional_t<std::is_void_v<Found>, std::monostate, Found> found{};
    const base::Status outcome = store_->read([&](Transaction& transaction) {
      if constexpr (std::is_void_v<Found>) {
        reader(transaction);
      } else {
        found = reader(transaction);
      }
    });
    EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
    if constexpr (!std::is_void_v<Found>) {
      return found;
    }
  }

  std::unique_ptr<StoreFactory> factory_;
  std::unique_ptr<Store> store_;
};

}  // namespace patchbay::store

#define PATCHBAY_STORE_SUITE(Suite)                                                       \
  class Suite : public StoreTest {};                                                      \
  INSTANTIATE_TEST_SUITE_P(All, Suite, testing::ValuesIn(storeKinds()),                   \
                           [](const testing::TestParamInfo<StoreKind>& kind) {            \
                             return kind.param.name;                                      \
                           })
