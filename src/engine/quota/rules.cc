#include "engine/quota/rules.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/log.h"

namespace patchbay::engine {

namespace {

constexpr std::int64_t kLongestWindow = std::int64_t{400} * 24 * 3600 * 1000;  // ms
constexpr std::int64_t kLargestLimit = 1'000'000'000;
constexpr std::int64_t kLongestWait = 120'000;  // ms
constexpr std::size_t kMostRules = 64;

// A number, or a text that is one (three manifests of the field say "maxWait": "60000").
std::optional<std::int64_t> numberOf(const json::object& from, std::string_view key) {
  const json::value* value = json::find(from, key);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (value->is_number()) {
    const auto number = value->to_number<double>();
    return number >= -1e15 && number <= 1e15 ? std::optional(static_cast<std::int64_t>(number))
                                             : std::nullopt;
  }
  if (!value->is_string()) {
    return std::nullopt;
  }
  const std::string_view text = value->get_string();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

std::optional<Throttling> throttlingNamed(std::string_view type) {
  if (type.empty() || type == "window-sliding") {
    return Throttling::kSliding;
  }
  if (type == "window-fixed") {
    return Throttling::kFixed;
  }
  return type == "limit-concurrency" ? std::optional(Throttling::kConcurrency) : std::nullopt;
}

std::optional<Throttling> throttlingOf(const json::object& rule) {
  const json::value* throttling = json::find(rule, "throttling");
  if (throttling != nullptr && throttling->is_object()) {
    return throttlingNamed(json::getString(throttling->get_object(), "type"));
  }
  return throttlingNamed(json::getString(rule, "throttling"));
}

bool asksCode(const json::object& rule) {
  return json::getBool(json::getObject(rule, "throttling"), "getStartOfNextWindow");
}

std::string_view throttlingText(Throttling throttling) {
  switch (throttling) {
    case Throttling::kSliding:
      return "window-sliding";
    case Throttling::kFixed:
      return "window-fixed";
    case Throttling::kConcurrency:
      break;
  }
  return "limit-concurrency";
}

std::vector<std::string> resourcesOf(const json::object& quota) {
  const json::value* resources = json::find(quota, "resources");
  if (resources != nullptr && resources->is_string()) {
    return {std::string(resources->get_string())};
  }
  return json::getStrings(quota, "resources");
}

void addRules(const QuotaSource& source, const std::vector<std::string>& resources,
              QuotaPlan& plan) {
  if (!source.rules.is_array()) {
    return;
  }
  std::size_t index = 0;
  for (const json::value& value : source.rules.get_array()) {
    const auto rule = readQuotaRule(value, index++);
    if (!rule) {
      spdlog::warn(
          "quota {}: rule {} has no limit or is of an unknown throttling; it binds nothing",
          source.name, index);
      continue;
    }
    if (std::find(resources.begin(), resources.end(), rule->resource) == resources.end() ||
        plan.rules.size() >= kMostRules) {
      continue;
    }
    plan.queues &= json::getString(value.get_object(), "queueing") == "fifo";
    plan.rules.push_back(*rule);
  }
}

}  // namespace

std::optional<QuotaRule> readQuotaRule(const json::value& value, std::size_t index) {
  if (!value.is_object()) {
    return std::nullopt;
  }
  const json::object& from = value.get_object();
  const auto throttling = throttlingOf(from);
  const auto limit = numberOf(from, "limit");
  if (!throttling || !limit || *limit < 1) {
    return std::nullopt;
  }
  QuotaRule rule;
  rule.throttling = *throttling;
  rule.limit = std::min(*limit, kLargestLimit);
  rule.window = std::clamp<std::int64_t>(numberOf(from, "window").value_or(0), 0, kLongestWindow);
  rule.index = index;
  rule.asksCode = rule.throttling == Throttling::kFixed && asksCode(from);
  rule.resource = json::getString(from, "resource");
  rule.scope = json::getString(from, "scope");
  if (rule.throttling != Throttling::kConcurrency && rule.window == 0 && !rule.asksCode) {
    return std::nullopt;
  }
  return rule;
}

json::object mergeQuota(const json::value* ofManifest, const json::value* ofNode) {
  json::object merged;
  for (const json::value* part : {ofManifest, ofNode}) {
    if (part != nullptr && part->is_object()) {
      for (const auto& [key, value] : part->get_object()) {
        merged[key] = value;
      }
    }
  }
  return merged;
}

std::shared_ptr<const QuotaPlan> makeQuotaPlan(
    const json::object& quota, const std::string& component, const QuotaSource* source,
    std::shared_ptr<const connectors::Revision> revision) {
  auto plan = std::make_shared<QuotaPlan>();
  plan->revision = std::move(revision);
  plan->maxWait =
      std::clamp<std::int64_t>(numberOf(quota, "maxWait").value_or(plan->maxWait), 0, kLongestWait);
  if (source != nullptr) {
    plan->source = source->name;
    plan->dir = source->dir;
    plan->text = source->text;
    addRules(*source, resourcesOf(quota), *plan);
  }
  if (const auto concurrency = numberOf(quota, "concurrency"); concurrency && *concurrency >= 1) {
    QuotaRule rule;
    rule.throttling = Throttling::kConcurrency;
    rule.limit = std::min(*concurrency, kLargestLimit);
    rule.resource = component;
    plan->rules.push_back(std::move(rule));
  }
  return plan->rules.empty() ? nullptr : plan;
}

std::string counterName(const std::string& source, const QuotaRule& rule,
                        std::string_view scopeValue) {
  return json::write(json::array{source, rule.resource, throttlingText(rule.throttling),
                                 rule.window, rule.scope, scopeValue});
}

std::optional<QuotaRule> ruleOfCounter(std::string_view name) {
  const auto parsed = json::parse(name, "The counter's name");
  if (!parsed || !parsed->is_array() || parsed->get_array().size() != 6) {
    return std::nullopt;
  }
  const json::array& parts = parsed->get_array();
  if (!parts[1].is_string() || !parts[2].is_string() || !parts[3].is_int64() ||
      !parts[4].is_string()) {
    return std::nullopt;
  }
  const auto throttling = throttlingNamed(parts[2].get_string());
  if (!throttling) {
    return std::nullopt;
  }
  QuotaRule rule;
  rule.throttling = *throttling;
  rule.window = parts[3].get_int64();
  rule.resource = parts[1].get_string();
  rule.scope = parts[4].get_string();
  return rule;
}

}  // namespace patchbay::engine
