// The tenant's system configuration (rest-api §18): key → JSON, as stored, with typed readers for those who use it.
//
// Threads: safe from any thread; readers take a snapshot and never touch the store. put and erase block on a commit.
// Numbers and texts are read alike ("60000", 60000); what cannot be read counts as absent. Stored JSON is kept as it was sent.
// Units: times in ms, sizes in bytes. Source of the format: docs/formats/rest-api.md §18.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::access {

// Kept out of the list and of GET answers.
inline constexpr std::string_view kTokenSecretKey = "JWTSecret";

class SystemConfiguration {
 public:
  explicit SystemConfiguration(store::Store& store);

  // Reads everything once; before first use.
  base::Status load();

  std::optional<boost::json::value> get(std::string_view key) const;
  std::string text(std::string_view key, std::string_view absent = {}) const;
  std::int64_t number(std::string_view key, std::int64_t absent) const;
  double real(std::string_view key, double absent) const;
  base::Millis millis(std::string_view key, std::int64_t absent) const;
  std::size_t bytes(std::string_view key, std::size_t absent) const;
  bool flag(std::string_view key, bool absent) const;  // true, "true", "1", 1, …
  std::vector<std::string> list(std::string_view key) const;  // array, or text separated by commas

  // Every pair stored, by key, without the token secret.
  std::vector<std::pair<std::string, boost::json::value>> all() const;

  // `also` goes in the same commit.
  base::Status put(const std::string& key, const boost::json::value& value,
                   const store::Unit& also = {});                         // upsert; kInvalid
  base::Status erase(const std::string& key, const store::Unit& also = {});  // kNotFound

  // Told after a change is durable, on the thread that made it, with the key.
  void onChange(std::function<void(const std::string& key)> told);

 private:
  using Pairs = std::map<std::string, boost::json::value, std::less<>>;
  std::shared_ptr<const Pairs> snapshot() const;
  void publish(std::shared_ptr<const Pairs> pairs, const std::string& key);

  store::Store& store_;
  std::mutex writing_;  // one change at a time
  mutable std::mutex mutex_;
  std::shared_ptr<const Pairs> pairs_;
  std::vector<std::function<void(const std::string&)>> told_;
};

}  // namespace patchbay::access
