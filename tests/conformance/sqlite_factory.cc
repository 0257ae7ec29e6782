#include <stdlib.h>

#include "store/sqlite/sqlite_store.h"
#include "store_factory.h"

namespace patchbay::store {

namespace {

class SqliteFactory final : public StoreFactory {
 public:
  SqliteFactory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-store-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~SqliteFactory() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::unique_ptr<Store> open() override {
    SqliteOptions options;
    options.folder = folder_;
    auto store = openSqlite(options);
    EXPECT_TRUE(store.has_value()) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace

std::unique_ptr<StoreFactory> sqliteFactory() { return std::make_unique<SqliteFactory>(); }

}  // namespace patchbay::store
