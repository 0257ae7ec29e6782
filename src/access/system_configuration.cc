#include "access/system_configuration.h"

#include <charconv>
#include <cmath>

#include "base/json.h"
#include "store/settings.h"

namespace patchbay::access {

namespace {

constexpr std::string_view kKind = "config";
constexpr std::size_t kMaxKeyBytes = 200;
constexpr std::size_t kMaxValueBytes = 256 * 1024;
constexpr std::size_t kMinSecretBytes = 16;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<double> asNumber(const boost::json::value& value) {
  if (value.is_number()) {
    return value.to_number<double>();
  }
  if (!value.is_string()) {
    return std::nullopt;
  }
  const std::string_view text = trimmed(value.get_string());
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size() ||
      !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<bool> asFlag(const boost::json::value& value) {
  if (value.is_bool()) {
    return value.get_bool();
  }
  if (value.is_string()) {
    const std::string_view text = trimmed(value.get_string());
    if (text == "true") {
      return true;
    }
    if (text == "false" || text.empty()) {
      return false;
    }
  }
  const auto number = asNumber(value);
  return number ? std::optional<bool>(*number != 0) : std::nullopt;
}

std::vector<std::string> splitByComma(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    if (!part.empty()) {
      parts.emplace_back(part);
    }
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return parts;
}

base::Status checkPair(const std::string& key, const boost::json::value& value,
                       const std::string& written) {
  if (key.empty() || key.size() > kMaxKeyBytes) {
    return base::fail(base::Code::kInvalid, "\"key\" must be a text of 1 to 200 bytes.");
  }
  if (written.size() > kMaxValueBytes) {
    return base::fail(base::Code::kTooLarge, "The value of " + key + " is over 256 KiB.");
  }
  if (key == kTokenSecretKey &&
      (!value.is_string() || value.get_string().size() < kMinSecretBytes)) {
    return base::fail(base::Code::kInvalid, "JWTSecret must be a text of at least 16 bytes.");
  }
  return {};
}

}  // namespace

SystemConfiguration::SystemConfiguration(store::Store& store)
    : store_(store), pairs_(std::make_shared<const Pairs>()) {}

base::Status SystemConfiguration::load() {
  const std::lock_guard writing(writing_);
  auto pairs = std::make_shared<Pairs>();
  const base::Status status = store_.read([&pairs](store::Transaction& rows) {
    for (const auto& [key, text] : rows.settings().all(kKind)) {
      (*pairs)[key] = json::parseOwn(text);
    }
  });
  if (!status) {
    return status;
  }
  const std::lock_guard lock(mutex_);
  pairs_ = std::move(pairs);
  return {};
}

std::shared_ptr<const SystemConfiguration::Pairs> SystemConfiguration::snapshot() const {
  const std::lock_guard lock(mutex_);
  return pairs_;
}

std::optional<boost::json::value> SystemConfiguration::get(std::string_view key) const {
  const auto pairs = snapshot();
  const auto found = pairs->find(key);
  return found == pairs->end() ? std::nullopt : std::optional(found->second);
}

std::string SystemConfiguration::text(std::string_view key, std::string_view absent) const {
  const auto pairs = snapshot();
  const auto found = pairs->find(key);
  if (found == pairs->end() || found->second.is_null()) {
    return std::string(absent);
  }
  return found->second.is_string() ? std::string(found->second.get_string())
                                   : json::write(found->second);
}

double SystemConfiguration::real(std::string_view key, double absent) const {
  const auto pairs = snapshot();
  const auto found = pairs->find(key);
  return found == pairs->end() ? absent : asNumber(found->second).value_or(absent);
}

std::int64_t SystemConfiguration::number(std::string_view key, std::int64_t absent) const {
  const double value = real(key, static_cast<double>(absent));
  constexpr double kBound = 9e15;
  return static_cast<std::int64_t>(std::min(std::max(value, -kBound), kBound));
}

base::Millis SystemConfiguration::millis(std::string_view key, std::int64_t absent) const {
  const std::int64_t value = number(key, absent);
  return base::Millis(value < 0 ? absent : value);
}

std::size_t SystemConfiguration::bytes(std::string_view key, std::size_t absent) const {
  const std::int64_t value = number(key, static_cast<std::int64_t>(absent));
  return value < 0 ? absent : static_cast<std::size_t>(value);
}

bool SystemConfiguration::flag(std::string_view key, bool absent) const {
  const auto pairs = snapshot();
  const auto found = pairs->find(key);
  return found == pairs->end() ? absent : asFlag(found->second).value_or(absent);
}

std::vector<std::string> SystemConfiguration::list(std::string_view key) const {
  const auto value = get(key);
  if (!value) {
    return {};
  }
  if (value->is_string()) {
    return splitByComma(value->get_string());
  }
  std::vector<std::string> parts;
  if (value->is_array()) {
    for (const auto& item : value->get_array()) {
      if (item.is_string()) {
        parts.emplace_back(item.get_string());
      }
    }
  }
  return parts;
}

std::vector<std::pair<std::string, boost::json::value>> SystemConfiguration::all() const {
  std::vector<std::pair<std::string, boost::json::value>> pairs;
  for (const auto& [key, value] : *snapshot()) {
    if (key != kTokenSecretKey) {
      pairs.emplace_back(key, value);
    }
  }
  return pairs;
}

base::Status SystemConfiguration::put(const std::string& key, const boost::json::value& value,
                                      const store::Unit& also) {
  const std::string written = json::write(value);
  if (auto refused = checkPair(key, value, written); !refused) {
    return refused;
  }
  const std::lock_guard writing(writing_);
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    rows.settings().put(kKind, key, written);
    return also ? also(rows) : base::Status();
  });
  if (status) {
    auto pairs = std::make_shared<Pairs>(*snapshot());
    (*pairs)[key] = value;
    publish(std::move(pairs), key);
  }
  return status;
}

base::Status SystemConfiguration::erase(const std::string& key, const store::Unit& also) {
  const std::lock_guard writing(writing_);
  auto pairs = std::make_shared<Pairs>(*snapshot());
  if (pairs->erase(key) == 0) {
    return base::fail(base::Code::kNotFound, "Configuration key " + key + " is not set.");
  }
  auto status = store_.write([&](store::Transaction& rows) -> base::Status {
    rows.settings().erase(kKind, key);
    return also ? also(rows) : base::Status();
  });
  if (status) {
    publish(std::move(pairs), key);
  }
  return status;
}

void SystemConfiguration::publish(std::shared_ptr<const Pairs> pairs, const std::string& key) {
  std::vector<std::function<void(const std::string&)>> told;
  {
    const std::lock_guard lock(mutex_);
    pairs_ = std::move(pairs);
    told = told_;
  }
  for (const auto& tell : told) {
    tell(key);
  }
}

void SystemConfiguration::onChange(std::function<void(const std::string&)> told) {
  const std::lock_guard lock(mutex_);
  told_.push_back(std::move(told));
}

}  // namespace patchbay::access
